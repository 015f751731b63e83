"""Where CloudWatch keeps what LISA itself measures: namespaces of each deployment's own."""


def calls_metrics(deployment: str) -> str:
    """Return where a gateway's calls are counted."""
    return f"LISA/{deployment}"


def models_metrics(deployment: str) -> str:
    """Return where models tell of their queues."""
    return f"LISA/{deployment}/Models"
