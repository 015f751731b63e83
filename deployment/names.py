"""How things call themselves whose ids tell nothing: they are found by that without a stack."""


def pool_name(deployment: str) -> str:
    """Return what its user pool is called."""
    return f"{deployment}-people"


def key_description(deployment: str) -> str:
    """Return how its key describes itself."""
    return f"What {deployment} is encrypted with"
