"""Where the gateway's traces go, and who knows the collector's secret."""

import json

from deployment.config.reading import read_config
from deployment.config.services import TracingConfig
from tests.stacks.conftest import WITH_INFERENCE
from tests.stacks.test_serve import Synthesise, allowed_to, container_of, only

HEADERS = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:collector-AbCdEf"


def test_where_there_is_a_collector_the_gateway_alone_is_told_and_its_headers_stay_secret(
    synthesise: Synthesise,
) -> None:
    wanted = TracingConfig(endpoint="https://collector.example.com/", headers=HEADERS, sampled=0.25)
    stacks = synthesise(read_config(WITH_INFERENCE).model_copy(update={"tracing": wanted}))
    container = container_of(stacks["serve"])
    told = {each["Name"]: each["Value"] for each in container["Environment"]}
    starting = only(stacks["serve"], "AWS::ECS::TaskDefinition")["ExecutionRoleArn"]

    assert {name: value for name, value in told.items() if name.startswith("OTEL_")} == {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector.example.com",
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": "0.25",
        "OTEL_RESOURCE_ATTRIBUTES": "service.namespace=lisa,deployment.environment.name=dev",
    }
    assert container["Secrets"] == [{"Name": "OTEL_EXPORTER_OTLP_HEADERS", "ValueFrom": HEADERS}]
    assert ("secretsmanager:GetSecretValue", HEADERS) in allowed_to(stacks["serve"], starting)
    assert HEADERS not in json.dumps(stacks["litellm"])
    assert "OTEL_" not in json.dumps(stacks["litellm"])
