"""Does what ECS does: whenever a model's stack has a balancer, it puts an engine behind it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

from tests.deploy.conftest import Account
from tests.deploy.hosted import client_of, outputs_of

EVERY_SECONDS: Final = 0.2


class Replicas:
    """Knows the engine that a replica would be; None while no replica is well."""

    def __init__(self, account: Account, engine: str | None) -> None:
        self._account = account
        self.engine = engine
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._go, daemon=True)

    @contextmanager
    def standing(self) -> Iterator["Replicas"]:
        """Keep them there meanwhile."""
        self._thread.start()
        try:
            yield self
        finally:
            self._ending.set()
            self._thread.join()

    @contextmanager
    def instead(self, engine: str | None) -> Iterator[None]:
        """Let another engine be there meanwhile."""
        before, self.engine = self.engine, engine
        try:
            yield
        finally:
            self.engine = before

    def _go(self) -> None:
        with client_of(self._account, "elbv2") as balancers:
            while not self._ending.wait(EVERY_SECONDS):
                if group := outputs_of(self._account).get("TargetsArn"):
                    self._register(balancers, group)

    def _register(self, balancers: Any, group: str) -> None:
        wanted = [{"Id": "127.0.0.1", "Port": urlsplit(self.engine).port}] if self.engine else []
        try:
            health = balancers.describe_target_health(TargetGroupArn=group)
            there = [each["Target"] for each in health["TargetHealthDescriptions"]]
            if former := [each for each in there if _place(each) not in map(_place, wanted)]:
                balancers.deregister_targets(TargetGroupArn=group, Targets=former)
            if new := [each for each in wanted if _place(each) not in map(_place, there)]:
                balancers.register_targets(TargetGroupArn=group, Targets=new)
        except balancers.exceptions.TargetGroupNotFoundException:
            return  # its stack goes at this moment


def _place(target: dict[str, Any]) -> tuple[object, object]:
    return target["Id"], target.get("Port")
