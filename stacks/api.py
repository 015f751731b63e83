"""The stack of the control API: what every call passes, and a route to each door that serves."""

import json
from typing import Final, cast

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import AUTHORIZER, DOORS
from lisa.declared.entry_points import STAGE, Door
from lisa.declared.pages import INDEX
from lisa.declared.serve_function import LONGEST_SECONDS, SERVE_FUNCTION
from stacks.constructs.api_address import ApiAddress, address_of
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.gateway_errors import answer_in_our_words
from stacks.constructs.pages_client import add_pages_client
from stacks.constructs.pages_route import BINARY, FOLDER, serve_pages
from stacks.constructs.parameters import look_up, publish
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.retention import log_of

COMPRESSED_FROM: Final = cdk.Size.kibibytes(1)
LONGEST_STREAM: Final = cdk.Duration.seconds(LONGEST_SECONDS)
# No query strings, headers or bodies: credentials and content stay out of the logs.
LOGGED: Final = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "subject": "$context.authorizer.principalId",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "bytes": "$context.responseLength",
    "error": "$context.error.responseType",
}


class ApiStack(DeploymentStack):
    """A REST API: one authorizer before everything, then each door by its prefixes."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "api", "the control API")
        address = address_of(self, config)
        api = self._rest_api(config, address)
        address.add_domain(api)
        answer_in_our_words(api)
        authorizer = self._authorizer(config)
        for door in DOORS:
            if config.has(door.of):
                self._route(config, api, authorizer, door)
        if config.serve.is_function:
            self._route_inference(config, api, authorizer)
        origin = address.origin(api)
        publish(self, config, "api/origin", origin)
        url = f"{origin}/{STAGE}/"
        cdk.CfnOutput(self, "Url", value=url)
        pages = f"{url}{FOLDER}/{INDEX}"
        if config.web.enabled:
            serve_pages(self, config, api)
            cdk.CfnOutput(self, "Pages", value=pages)
        if config.has_user_pool:
            add_pages_client(self, config, [pages] if config.web.enabled else [])

    def _rest_api(self, config: DeploymentConfig, address: ApiAddress) -> apigateway.RestApi:
        access = log_of(self, config, "AccessLogs")
        return apigateway.RestApi(
            self,
            "Api",
            rest_api_name=config.stack_name("api"),
            endpoint_configuration=address.place(),
            policy=address.policy(),
            min_compression_size=COMPRESSED_FROM,
            binary_media_types=_sent_as_bytes(config) or None,
            cloud_watch_role=True,
            deploy_options=apigateway.StageOptions(
                stage_name=STAGE,
                access_log_destination=apigateway.LogGroupLogDestination(access),
                access_log_format=apigateway.AccessLogFormat.custom(json.dumps(LOGGED)),
                logging_level=apigateway.MethodLoggingLevel.ERROR,
                throttling_rate_limit=config.api.requests_per_second,
                throttling_burst_limit=config.api.burst,
                tracing_enabled=config.observability.tracing,
            ),
        )

    def _authorizer(self, config: DeploymentConfig) -> apigateway.RequestAuthorizer:
        # Nothing is remembered and no header is required: the function alone decides.
        authorizer = apigateway.RequestAuthorizer(
            self,
            "Authorizer",
            handler=PythonFunction(self, config, AUTHORIZER).function,
            identity_sources=[],
            results_cache_ttl=cdk.Duration.seconds(0),
        )
        resource = cast("apigateway.CfnAuthorizer", authorizer.node.find_child("Resource"))
        resource.add_property_deletion_override("IdentitySource")
        return authorizer

    def _route(
        self,
        config: DeploymentConfig,
        api: apigateway.RestApi,
        authorizer: apigateway.RequestAuthorizer,
        door: Door,
    ) -> None:
        if not door.prefixes:
            return
        self._lead(
            api,
            authorizer,
            door,
            apigateway.LambdaIntegration(
                self._served(config, door),
                scope_permission_to_method=False,
            ),
        )

    def _route_inference(
        self,
        config: DeploymentConfig,
        api: apigateway.RestApi,
        authorizer: apigateway.RequestAuthorizer,
    ) -> None:
        """Lead to the gateway where it is a function; its answers pass as they come."""
        streams = config.serve.streaming
        mode = apigateway.ResponseTransferMode
        integration = apigateway.LambdaIntegration(
            self._served(config, SERVE_FUNCTION),
            scope_permission_to_method=False,
            response_transfer_mode=mode.STREAM if streams else None,
            timeout=LONGEST_STREAM if streams else None,
        )
        for place in self._lead(api, authorizer, SERVE_FUNCTION, integration):
            if config.serve.origins:  # browsers ask without credentials; the gateway answers
                place.add_method(
                    "OPTIONS", integration, authorization_type=apigateway.AuthorizationType.NONE
                )

    def _served(self, config: DeploymentConfig, door: Door) -> lambda_.IFunction:
        return lambda_.Function.from_function_attributes(
            self,
            f"Served-{door.name}",
            function_arn=look_up(self, config, f"door/{door.name}"),
            same_environment=True,
        )

    def _lead(
        self,
        api: apigateway.RestApi,
        authorizer: apigateway.RequestAuthorizer,
        door: Door,
        integration: apigateway.LambdaIntegration,
    ) -> list[apigateway.Resource]:
        """Lead each prefix and all below it to a door."""
        places: list[apigateway.Resource] = []
        for prefix in door.prefixes:
            resource = api.root.add_resource(prefix)
            places += [resource, resource.add_resource("{proxy+}")]
        for place in places:
            place.add_method("ANY", integration, authorizer=authorizer)
        return places


def _sent_as_bytes(config: DeploymentConfig) -> list[str]:
    """Return the types that don't pass as text: files of pages, and recordings of speech."""
    recordings = ["multipart/form-data"] if config.serve.is_function else []
    return [*(BINARY if config.web.enabled else ()), *recordings]
