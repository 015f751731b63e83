"""A deployed service as the process it would be: its task's environment and role, its balancer."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from lisa.declared.entry_points import Service
from tests.standins.aws_emulator.access import session_of
from tests.standins.aws_emulator.process import REGION, ROOT, Emulator

SECONDS_TO_START = 120
INTERPRETERS = {"litellm": str(ROOT / ".venv-litellm" / "bin" / "python")}


@dataclass(frozen=True)
class Task:
    """What ECS would start, and where callers would find it, if anybody calls it."""

    service: Service
    emulator: Emulator
    definition: Mapping[str, Any]
    targets: str

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment that the template gives to the container."""
        [container] = self.definition["containerDefinitions"]
        return {each["name"]: each["value"] for each in container["environment"]}

    @property
    def address(self) -> str:
        """Return where the emulator serves the balancer."""
        client = self._client("elbv2")
        [group] = client.describe_target_groups(TargetGroupArns=[self.targets])["TargetGroups"]
        arns = group["LoadBalancerArns"]
        [balancer] = client.describe_load_balancers(LoadBalancerArns=arns)["LoadBalancers"]
        client.close()
        return f"{self.emulator.endpoint}/_alb/{balancer['LoadBalancerName']}"

    @contextmanager
    def running(self, folder: Path, **instead: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run the container's program as a target of the balancer; `instead` replaces settings."""
        port, prefix = _free_port(), self.service.name
        here = self._listening(port) if self.service.port else {}
        here |= {**instead, **self._credentials(), **_basics(folder)}
        environment = {**self.environment, **here}
        with (folder / f"{prefix}.log").open("wb") as log:
            process = subprocess.Popen(
                [INTERPRETERS.get(prefix, sys.executable), "-m", f"containers.{prefix}"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            if self.service.port:
                self._wait(process, f"http://127.0.0.1:{port}", folder / f"{prefix}.log")
                self._register(port)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)

    def _listening(self, port: int) -> dict[str, str]:
        prefix = f"LISA_{self.service.name.upper()}"
        return {f"{prefix}_HOST": "127.0.0.1", f"{prefix}_PORT": str(port)}

    def _credentials(self) -> dict[str, str]:
        """Become the task's role."""
        client = self._client("sts")
        role = self.definition["taskRoleArn"]
        given = client.assume_role(RoleArn=role, RoleSessionName="task")["Credentials"]
        client.close()
        return {
            "AWS_ENDPOINT_URL": self.emulator.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
        }

    def _register(self, port: int) -> None:
        """Do what ECS does when a task is well; former targets go."""
        client = self._client("elbv2")
        health = client.describe_target_health(TargetGroupArn=self.targets)
        former = [each["Target"] for each in health["TargetHealthDescriptions"]]
        if former:
            client.deregister_targets(TargetGroupArn=self.targets, Targets=former)
        ours = {"Id": "127.0.0.1", "Port": port}
        client.register_targets(TargetGroupArn=self.targets, Targets=[ours])
        client.close()

    def _wait(self, process: subprocess.Popen[bytes], url: str, log: Path) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while process.poll() is None and time.monotonic() < deadline:
            try:
                if httpx.get(f"{url}{self.service.health_path}", timeout=2).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"containers.{self.service.name} isn't well:\n{log.read_text()[-3000:]}")

    def _client(self, name: Any) -> Any:
        return session_of().client(name, endpoint_url=self.emulator.endpoint)


def task_of(emulator: Emulator, service: Service) -> Task:
    """Return the task of a service as it is deployed."""
    client = session_of().client("ecs", endpoint_url=emulator.endpoint)
    for cluster in client.list_clusters()["clusterArns"]:
        arns = client.list_services(cluster=cluster)["serviceArns"]
        for found in client.describe_services(cluster=cluster, services=arns)["services"]:
            named = found["taskDefinition"]
            definition = client.describe_task_definition(taskDefinition=named)["taskDefinition"]
            if definition["containerDefinitions"][0]["name"] == service.name:
                client.close()
                behind = [each["targetGroupArn"] for each in found.get("loadBalancers", ())]
                return Task(service, emulator, definition, next(iter(behind), ""))
    raise LookupError(f"no service {service.name!r} is deployed")


def _basics(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "TMPDIR": str(folder)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
