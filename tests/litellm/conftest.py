"""The real LiteLLM service in its own environment, and providers it can be sent to."""

from collections.abc import Callable, Iterator

import pytest

from tests.authorities import trusting_nobody
from tests.litellm.routes import Route, Way, resolved
from tests.litellm.service import Service
from tests.standins.providers.anthropic_api import StandInAnthropic
from tests.standins.providers.bedrock import StandInBedrock
from tests.standins.providers.cohere import StandInCohere
from tests.standins.providers.gemini import StandInGemini
from tests.standins.providers.openai_like import StandInOpenAI
from tests.standins.providers.sagemaker import StandInSageMaker
from tests.standins.providers.server import Provider

_trusting_nobody = pytest.fixture(scope="session", autouse=True)(trusting_nobody)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Start it once: it takes seconds."""
    service = Service(tmp_path_factory.mktemp("litellm"))
    service.start()
    yield service
    service.stop()


def running(kind: type[Provider]) -> Callable[[], Iterator[Provider]]:
    def provider() -> Iterator[Provider]:
        running = kind()
        yield running
        running.stop()

    return provider


bedrock = pytest.fixture(running(StandInBedrock), name="bedrock")
sagemaker = pytest.fixture(running(StandInSageMaker), name="sagemaker")
anthropic = pytest.fixture(running(StandInAnthropic), name="anthropic")
vllm = pytest.fixture(running(StandInOpenAI), name="vllm")
gemini = pytest.fixture(running(StandInGemini), name="gemini")
cohere = pytest.fixture(running(StandInCohere), name="cohere")


@pytest.fixture
def route(way: Way, request: pytest.FixtureRequest) -> Route:
    """Start the provider of the way that the test is run on."""
    return resolved(way, request)
