"""The stack of the control API: what every call passes, and a route to each door that serves."""

import json
from typing import Final, cast

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from lisa.declared.doors import AUTHORIZER, DOORS, REPOSITORY
from lisa.declared.entry_points import STAGE, Door
from lisa.declared.pages import INDEX
from stacks.config import DeploymentConfig
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.gateway_errors import answer_in_our_words
from stacks.constructs.pages_client import add_pages_client
from stacks.constructs.pages_route import BINARY, FOLDER, serve_pages
from stacks.constructs.parameters import look_up, publish
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.retention import days_of

COMPRESSED_FROM: Final = cdk.Size.kibibytes(1)
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
    """A regional REST API: one authorizer before everything, then each door by its prefixes."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "api", "the control API")
        api = self._rest_api(config)
        answer_in_our_words(api)
        authorizer = self._authorizer(config)
        for door in DOORS:
            if door is REPOSITORY and not config.has_knowledge:
                continue
            self._route(config, api, authorizer, door)
        domain = f"{api.rest_api_id}.execute-api.{self.region}.{self.url_suffix}"
        publish(self, config, "api/origin", f"https://{domain}")
        cdk.CfnOutput(self, "Url", value=api.url)
        pages = f"{api.url}{FOLDER}/{INDEX}"
        if config.web.enabled:
            serve_pages(self, config, api)
            cdk.CfnOutput(self, "Pages", value=pages)
        if config.has_user_pool:
            add_pages_client(self, config, [pages] if config.web.enabled else [])

    def _rest_api(self, config: DeploymentConfig) -> apigateway.RestApi:
        access = logs.LogGroup(
            self,
            "AccessLogs",
            retention=days_of(config),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        return apigateway.RestApi(
            self,
            "Api",
            rest_api_name=config.stack_name("api"),
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            min_compression_size=COMPRESSED_FROM,
            binary_media_types=list(BINARY) if config.web.enabled else None,
            cloud_watch_role=True,
            deploy_options=apigateway.StageOptions(
                stage_name=STAGE,
                access_log_destination=apigateway.LogGroupLogDestination(access),
                access_log_format=apigateway.AccessLogFormat.custom(json.dumps(LOGGED)),
                logging_level=apigateway.MethodLoggingLevel.ERROR,
                throttling_rate_limit=config.throttling.requests_per_second,
                throttling_burst_limit=config.throttling.burst,
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
        function = lambda_.Function.from_function_attributes(
            self,
            f"Served-{door.name}",
            function_arn=look_up(self, config, f"door/{door.name}"),
            same_environment=True,
        )
        integration = apigateway.LambdaIntegration(
            function, allow_test_invoke=False, scope_permission_to_method=False
        )
        for prefix in door.prefixes:
            resource = api.root.add_resource(prefix)
            for place in (resource, resource.add_resource("{proxy+}")):
                place.add_method("ANY", integration, authorizer=authorizer)
