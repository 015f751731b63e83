"""The stack of the browser pages: the built files in their bucket, and where they find us."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import CONTENT, STAGE, WEB
from lisa.declared.pages import ASSETS, CONFIG, FOREVER, INDEX, REVALIDATED, content_policy
from lisa.domain.errors import Invalid
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.encryption import key_arn, on_key
from stacks.constructs.grants import own_logs
from stacks.constructs.pages_route import FOLDER, POLICY
from stacks.constructs.parameters import look_up
from stacks.constructs.retention import log_of
from stacks.constructs.trusted_issuers import AUTHORITY, CLIENT, LOGIN, SCOPES

BUILT: Final = Path(__file__).parents[1] / "ui" / "dist"
ALL_BUT_ASSETS: Final = ("*", f"!{ASSETS.rstrip('/')}", f"!{ASSETS}**")
REPLACED: Final = (f"{ASSETS}**", ".vite", INDEX, CONFIG)
MEMORY_MB: Final = 512
NO_GATEWAY: Final = (
    "nobody can chat on the pages, as a gateway of this deployment keeps what is said: set "
    "serve.enabled; with serve.launch: function it costs nothing until it is called, and models of "
    "another deployment are added by their address"
)


class WebStack(DeploymentStack):
    """The pages. They come last: only now is it known where models are called."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "web", "the browser pages")
        if not (BUILT / INDEX).is_file():
            raise Invalid(
                "the browser pages are not built", next_step="run `make setup`, then synthesise"
            )
        if not config.serve.enabled:
            cdk.Annotations.of(self).add_warning_v2("lisa:no-gateway", NO_GATEWAY)
        name = look_up(self, config, f"bucket/{WEB.name}")
        self._bucket = s3.Bucket.from_bucket_name(self, "Bucket", name)
        self._logs = log_of(self, config)
        self._role = self._copying(config)
        assets = self._copied("Assets", [_built(*ALL_BUT_ASSETS)], FOREVER)
        told = deployment.Source.json_data(CONFIG, self._told(config))
        policy = content_policy(self._asked(config), [self._content_origin(config)])
        files = [_built(*REPLACED), _first_page(), told]
        if logo := config.web.branding.logo:
            files.append(_alone(logo, f"logo{logo.suffix}"))
        pages = self._copied("Pages", files, REVALIDATED, {POLICY: policy})
        pages.node.add_dependency(assets)  # no page before what it loads

    def _copying(self, config: DeploymentConfig) -> iam.Role:
        """Return a role that copies from the deployment's assets into our folder, and no more."""
        role = iam.Role(self, "Copies", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        assets = s3_assets.Asset(self, "Index", path=str(BUILT / INDEX)).bucket
        role.add_to_policy(
            iam.PolicyStatement(actions=["s3:GetObject"], resources=[assets.arn_for_objects("*")])
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["s3:PutObject"], resources=[self._bucket.arn_for_objects(f"{FOLDER}/*")]
            )
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["s3:ListBucket"],
                resources=[self._bucket.bucket_arn],
                conditions={"StringLike": {"s3:prefix": [FOLDER, f"{FOLDER}/*"]}},
            )
        )
        role.add_to_policy(own_logs(self._logs))
        for statement in on_key(self, key_arn(self, config), {"s3": True}):
            role.add_to_policy(statement)
        return role

    def _copied(
        self,
        name: str,
        sources: list[deployment.ISource],
        cache_control: str,
        metadata: dict[str, str] | None = None,
    ) -> deployment.BucketDeployment:
        return deployment.BucketDeployment(
            self,
            name,
            sources=sources,
            destination_bucket=self._bucket,
            destination_key_prefix=FOLDER,
            cache_control=[deployment.CacheControl.from_string(cache_control)],
            metadata=metadata,
            memory_limit=MEMORY_MB,
            role=self._role.without_policy_updates(),
            log_group=self._logs,
            prune=False,  # pages that are open still load what they were built with
        )

    def _told(self, config: DeploymentConfig) -> dict[str, Any]:
        told: dict[str, Any] = {"routing": "hash", "apiBase": ".."}  # of where this is read
        told["branding"] = config.web.branding.told()
        if gateway := self._gateway(config):
            told["gateway"] = f"{gateway}/v1"
        if sign_in := config.web.sign_in:
            told["signIn"] = {
                "authority": sign_in.authority,
                "clientId": sign_in.client_id,
                "scope": sign_in.scope,
                "parameters": sign_in.parameters,
            }
        elif config.has_user_pool:
            told["signIn"] = {
                "authority": look_up(self, config, AUTHORITY),
                "clientId": look_up(self, config, CLIENT),
                "scope": " ".join(SCOPES),
            }
        return told

    def _gateway(self, config: DeploymentConfig) -> str:
        """Return where browsers reach the gateway; nothing where there is none."""
        if config.web.gateway or not config.serve.enabled:
            return config.web.gateway
        if config.serve.is_function:
            return f"{look_up(self, config, 'api/origin')}/{STAGE}"
        if config.serve.domain:
            return f"https://{config.serve.domain}"
        return f"http://{look_up(self, config, 'serve/balancer')}"

    def _asked(self, config: DeploymentConfig) -> Iterator[str]:
        """Yield the origins that pages ask besides their own."""
        gateway = self._gateway(config)
        if gateway and (config.web.gateway or not config.serve.is_function):
            yield gateway
        yield self._content_origin(config)
        yield from config.web.sign_in_origins
        if config.has_user_pool and not config.web.sign_in:
            yield look_up(self, config, LOGIN)
            yield f"https://cognito-idp.{self.region}.{self.url_suffix}"

    def _content_origin(self, config: DeploymentConfig) -> str:
        """Return where files of sessions are uploaded to and read from."""
        bucket = look_up(self, config, f"bucket/{CONTENT.name}")
        return f"https://{bucket}.s3.{self.region}.{self.url_suffix}"


def _built(*left_out: str) -> deployment.ISource:
    return deployment.Source.asset(str(BUILT), exclude=list(left_out))


def _first_page() -> deployment.ISource:
    """Return the page that loads the others; on AWS it lies below a stage and a folder."""
    built = (BUILT / INDEX).read_text(encoding="utf-8")
    return deployment.Source.data(INDEX, built.replace('="/', '="./'))


def _alone(file: Path, name: str) -> deployment.ISource:
    """Return a file under another name."""
    folder = Path(tempfile.mkdtemp())
    shutil.copyfile(file, folder / name)
    return deployment.Source.asset(str(folder))
