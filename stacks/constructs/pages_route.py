"""The route of the browser pages: API Gateway reads them from their bucket, for anybody."""

import json
from collections.abc import Iterable
from typing import Final

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import WEB
from lisa.declared.pages import INDEX
from lisa.domain.errors import NotFound
from stacks.constructs.encryption import key_arn, on_key
from stacks.constructs.parameters import look_up

FOLDER: Final = "ui"  # in the bucket, and in the API
POLICY: Final = "content-security-policy"  # each object has its own as metadata
BINARY: Final = ("font/woff2", "image/png", "image/x-icon", "application/wasm")
NO_FILE: Final = {
    "error": {
        "code": NotFound.code,
        "message": "there is no such page",
        "next_step": f"open {FOLDER}/{INDEX}",
        "request_id": "$context.requestId",
    }
}
# Inner quotes mark a constant.
HEADERS: Final = {
    "content-type": "integration.response.header.Content-Type",
    "cache-control": "integration.response.header.Cache-Control",
    POLICY: f"integration.response.header.x-amz-meta-{POLICY}",
    "x-content-type-options": "'nosniff'",
    "referrer-policy": "'same-origin'",
}


def serve_pages(scope: Construct, config: DeploymentConfig, api: apigateway.RestApi) -> None:
    """Add `/ui/...`; `/ui` itself leads to the first page."""
    bucket = look_up(scope, config, f"bucket/{WEB.name}")
    role = iam.Role(
        scope, "ReadsPages", assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com")
    )
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["s3:GetObject"],
            resources=[f"arn:{api.stack.partition}:s3:::{bucket}/{FOLDER}/*"],
        )
    )
    for statement in on_key(api.stack, key_arn(scope, config), {"s3": False}):
        role.add_to_policy(statement)
    folder = api.root.add_resource(FOLDER)
    folder.add_method(
        "GET",
        _to_the_first_page(),
        authorization_type=apigateway.AuthorizationType.NONE,
        method_responses=[_may_answer("302", ["location"])],
    )
    folder.add_resource("{proxy+}").add_method(
        "GET",
        _from_the_bucket(bucket, role),
        authorization_type=apigateway.AuthorizationType.NONE,
        request_parameters={"method.request.path.proxy": True},
        method_responses=[_may_answer("200", HEADERS), _may_answer("404", ())],
    )


def _may_answer(status: str, headers: Iterable[str]) -> apigateway.MethodResponse:
    shown = {f"method.response.header.{name}": True for name in headers}
    return apigateway.MethodResponse(status_code=status, response_parameters=shown)


def _from_the_bucket(bucket: str, role: iam.IRole) -> apigateway.AwsIntegration:
    headers = {f"method.response.header.{name}": value for name, value in HEADERS.items()}
    return apigateway.AwsIntegration(
        service="s3",
        integration_http_method="GET",
        path=f"{bucket}/{FOLDER}/{{proxy}}",
        options=apigateway.IntegrationOptions(
            credentials_role=role,
            request_parameters={"integration.request.path.proxy": "method.request.path.proxy"},
            integration_responses=[
                apigateway.IntegrationResponse(status_code="200", response_parameters=headers),
                # S3 says 403 of what isn't there to whoever may not list.
                apigateway.IntegrationResponse(
                    status_code="404",
                    selection_pattern=r"4\d{2}",
                    response_templates={"application/json": json.dumps(NO_FILE)},
                ),
            ],
        ),
    )


def _to_the_first_page() -> apigateway.MockIntegration:
    # Whatever domain and path lead here, they go on leading.
    location = (
        "#set($context.responseOverride.header.location = "
        f'$context.path.replaceAll("/$", "") + "/{INDEX}")'
    )
    return apigateway.MockIntegration(
        request_templates={"application/json": '{"statusCode": 302}'},
        integration_responses=[
            apigateway.IntegrationResponse(
                status_code="302", response_templates={"application/json": location}
            )
        ],
    )
