"""What the emulator's own interpreter runs: ministack, with what we need to know and to change.

Each hook reaches into private parts of the pinned version; tests/deploy/test_emulator.py has a
smoke test for each.
"""

import hashlib
import io
import json
import logging
import mimetypes
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import parse_qs

from alarms import (  # type: ignore[import-not-found] # it lies beside this script
    take_alarms_of_several_metrics,
)
from allowed import note_what_is_allowed  # type: ignore[import-not-found] # it lies beside this

# Not in our environment: the emulator has one of its own.
from ministack import app  # type: ignore[import-not-found] # see above
from ministack.core import (  # type: ignore[import-not-found] # see above
    iam_actions,
    iam_evaluator,
    lambda_runtime,
)
from ministack.services import (  # type: ignore[import-not-found] # see above
    apigateway_v1,
    lambda_svc,
    s3,
    secretsmanager,
    ssm,
)
from ministack.services.cloudformation import (  # type: ignore[import-not-found] # see above
    provisioners,
)
from models import lead_to_models  # type: ignore[import-not-found] # it lies beside this script
from rotation import rotate_by_functions  # type: ignore[import-not-found] # it lies beside this
from stores import lead_to_stores  # type: ignore[import-not-found] # it lies beside this script

COPIED: Final = "Custom::CDKBucketDeployment"
MACHINE_IMAGE = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
RECORDED_ONLY = (
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::Backup::BackupSelection",
    "AWS::EC2::FlowLog",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::ECS::CapacityProvider",
    "AWS::ECS::ClusterCapacityProviderAssociations",
    "AWS::OpenSearchServerless::VpcEndpoint",
)


def main() -> None:
    """Serve until a signal comes."""
    _note_unmapped_actions(Path(os.environ["UNMAPPED_ACTIONS_LOG"]))
    note_what_is_allowed(Path(os.environ["ALLOWED_LOG"]))
    _take_loopback_for_tls()
    _record_what_it_has_no_service_for()
    take_alarms_of_several_metrics()
    _know_secrets_by_their_arns()
    _copy_into_buckets()
    _serve_from_buckets()
    _unpack_each_code_once()
    _give_each_function_a_folder_of_its_own()
    _know_errors_by_their_classes()
    lead_to_models()
    lead_to_stores()
    rotate_by_functions()
    _tell_policies_what_they_ask_for()
    app.main()


def _note_unmapped_actions(file: Path) -> None:
    """Ministack allows what it can't map to an IAM action, and says so at debug level only."""
    noted = logging.FileHandler(file)
    noted.addFilter(lambda record: record.getMessage().endswith("allowing"))
    iam_actions.logger.setLevel(logging.DEBUG)
    iam_actions.logger.addHandler(noted)
    iam_actions.logger.propagate = False


def _take_loopback_for_tls() -> None:
    """Our buckets refuse plain HTTP, which is all that is spoken here."""
    pin = iam_evaluator.pin_request_origin
    app.pin_request_origin = lambda address, _is_tls: pin(address, secure_transport=True)


def _record_what_it_has_no_service_for() -> None:
    """Let templates name what has no effect here: no instance starts, nothing scales."""
    ssm._PUBLIC_AMI_PARAMETERS[MACHINE_IMAGE] = "ami-0123456789abcdef0"
    for kind in RECORDED_ONLY:
        provisioners._RESOURCE_HANDLERS[kind] = {
            "create": lambda logical_id, _properties, stack: (f"{stack}-{logical_id}", {}),
            "update": lambda physical_id, _before, _after, _stack: (physical_id, {}),
            "delete": lambda _physical_id, _properties: None,
        }


def _know_secrets_by_their_arns() -> None:
    """Let a template's `Ref` of a secret be its ARN, as on AWS, not its name."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create, delete = handlers["create"], handlers["delete"]

    def created(*wanted: Any) -> tuple[str, dict[str, str]]:
        _, attributes = create(*wanted)
        return attributes["Arn"], attributes

    def deleted(arn: str, wanted: Any) -> None:
        name, _ = secretsmanager._resolve(arn)
        delete(name, wanted)

    handlers |= {"create": created, "delete": deleted}


def _copy_into_buckets() -> None:
    """Unpack what a template copies into a bucket: the CDK's own function needs AWS's layer."""

    def copied(properties: dict[str, Any]) -> None:
        sources = zip(
            properties["SourceBucketNames"],
            properties["SourceObjectKeys"],
            properties.get("SourceMarkers") or [{}] * len(properties["SourceBucketNames"]),
            strict=True,
        )
        for bucket, key, markers in sources:
            with zipfile.ZipFile(io.BytesIO(s3._get_object_data(bucket, key))) as packed:
                for name in packed.namelist():
                    _copy_one(properties, name, _filled(packed.read(name), markers))

    def created(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, Any]:
        copied(properties)
        return f"{stack}-{logical_id}", {}

    def updated(physical_id: str, _old: Any, new: dict[str, Any], _stack: str) -> tuple[str, Any]:
        copied(new)
        return physical_id, {}

    provisioners._RESOURCE_HANDLERS[COPIED] = {
        "create": created,
        "update": updated,
        "delete": lambda _physical_id, _properties: None,
    }


def _filled(content: bytes, markers: dict[str, str]) -> bytes:
    """Put in what was known at deployment only."""
    for marker, value in markers.items():
        content = content.replace(marker.encode(), value.encode())
    return content


def _copy_one(properties: dict[str, Any], name: str, content: bytes) -> None:
    system = properties.get("SystemMetadata") or {}
    kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0]
    headers = {"content-type": kind or "binary/octet-stream"}
    headers |= {key.lower(): value for key, value in system.items()}
    metadata = properties.get("UserMetadata") or {}
    headers |= {f"x-amz-meta-{key}": value for key, value in metadata.items()}
    key = f"{properties['DestinationBucketKeyPrefix']}/{name}"
    status, _, told = s3._put_object(properties["DestinationBucketName"], key, content, headers)
    if status != 200:
        raise RuntimeError(f"{key} could not be copied: {told!r}")


def _serve_from_buckets() -> None:
    """Let the API answer with objects; of non-proxy integrations only queues and functions do."""
    otherwise = apigateway_v1._invoke_lambda_custom_v1

    async def answered(integration: dict[str, Any], *given: Any, **named: Any) -> Any:
        target = apigateway_v1._parse_service_integration_uri(integration["uri"])
        if not target or target[1] != "s3":
            return await otherwise(integration, *given, **named)
        path_parameters = given[-1] or {}
        path = target[3]
        for inner, outer in integration["requestParameters"].items():
            value = path_parameters[outer.rpartition(".")[2]]
            path = path.replace(f"{{{inner.rpartition('.')[2]}}}", value)
        bucket, _, key = path.partition("/")
        status, headers, body = s3._get_object(bucket, key, {})
        return _as_integrated(integration, status, headers, body)

    apigateway_v1._invoke_lambda_custom_v1 = answered


def _as_integrated(
    integration: dict[str, Any], status: int, headers: dict[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    """Choose and fill the answer that the template declares for this status."""
    answers = integration["integrationResponses"]
    if status != 200:
        template = answers["404"]["responseTemplates"]["application/json"]
        return 404, {"Content-Type": "application/json"}, template.encode()
    found = {name.lower(): value for name, value in headers.items()}
    told = {}
    for name, source in answers["200"]["responseParameters"].items():
        constant = source.startswith("'")
        value = source.strip("'") if constant else found.get(source.rpartition(".")[2].lower(), "")
        if value:
            told[name.rpartition(".")[2]] = value
    return 200, told, body


def _unpack_each_code_once() -> None:
    """Let all starts of all functions share what is the same in their codes, with its bytecode."""
    places = Path(os.environ.get("UNPACKED_DIR") or tempfile.gettempdir())
    places.mkdir(exist_ok=True)

    class Shared(zipfile.ZipFile):
        def extractall(self, path: Any = None, *given: Any, **named: Any) -> None:
            if Path(path).name != "code":
                super().extractall(path, *given, **named)
                return
            parts: dict[str, list[zipfile.ZipInfo]] = {}
            for each in self.infolist():
                folder = each.filename.partition("/")[0] if "/" in each.filename else ""
                parts.setdefault(folder, []).append(each)
            for folder, members in parts.items():
                shared = self.unpacked(members)
                for found in (shared / folder,) if folder else shared.iterdir():
                    Path(path, found.name).symlink_to(found)

        def unpacked(self, members: list[zipfile.ZipInfo]) -> Path:
            content = sorted((each.filename, each.CRC, each.file_size) for each in members)
            shared = places / hashlib.sha256(repr(content).encode()).hexdigest()
            if not shared.exists():
                unpacking = Path(tempfile.mkdtemp(dir=places))
                super().extractall(unpacking, members)
                (unpacking / "__pycache__").mkdir()
                _put(unpacking, shared)
            return shared

    lambda_runtime.zipfile = SimpleNamespace(**vars(zipfile) | {"ZipFile": Shared})


def _give_each_function_a_folder_of_its_own() -> None:
    """Let what a function writes to `/tmp` be its own, as on AWS."""
    start: Any = subprocess.Popen

    def started(*line: Any, env: dict[str, str], **named: Any) -> Any:
        own = tempfile.mkdtemp(prefix="function-")
        return start(*line, env={**env, "TMPDIR": own}, **named)

    lambda_runtime.subprocess = SimpleNamespace(**vars(subprocess) | {"Popen": started})


def _know_errors_by_their_classes() -> None:
    """Let state machines catch a function's errors by their names, as on AWS."""
    execute = lambda_svc._execute_function_warm

    def executed(*given: Any) -> dict[str, Any]:
        answer: dict[str, Any] = execute(*given)
        if answer.get("error") and answer["body"].get("errorType") == "Runtime.HandlerError":
            last = answer.get("log", "").strip().splitlines()[-1:]
            named = re.match(r"([\w.]+)(:|$)", *last) if last else None
            if named:
                answer["body"]["errorType"] = named[1].rpartition(".")[2]
        return answer

    lambda_svc._execute_function_warm = executed


def _tell_policies_what_they_ask_for() -> None:
    """Let a policy know the role that CloudFormation shall become, and the cluster of tasks."""
    known = iam_actions.request_tag_context

    def told(service: str, action: str, body: bytes, parameters: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = known(service, action, body, parameters)
        if service == "cloudformation":
            for role in parse_qs(body.decode()).get("RoleARN", ()):
                context["cloudformation:RoleArn"] = role
        if action in {"ecs:ListTasks", "ecs:DescribeTasks"}:
            account, region = os.environ["MINISTACK_ACCOUNT_ID"], os.environ["MINISTACK_REGION"]
            cluster = json.loads(body)["cluster"].rpartition("/")[2]
            context["ecs:cluster"] = f"arn:aws:ecs:{region}:{account}:cluster/{cluster}"
        return context

    iam_actions.request_tag_context = told


def _put(unpacked: Path, shared: Path) -> None:
    """Give a whole folder its lasting name, unless another start was quicker."""
    try:
        unpacked.rename(shared)
    except OSError:
        shutil.rmtree(unpacked)


if __name__ == "__main__":
    main()
