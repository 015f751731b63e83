"""Clears the way for CloudFormation, which removes nothing that is protected or full.

Only what goes with its stack is touched; what stays behind stays as it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from deployment.account import Account
from deployment.takedown.departure import BALANCER, BUCKET, VAULT, Departure
from deployment.takedown.vault import Vault
from lisa.domain.errors import NotFound, Unavailable

MOST_AT_ONCE: Final = 1000
PROTECTION: Final = "deletion_protection.enabled"


@dataclass(frozen=True)
class Clearing:
    """Takes off protection, and empties; `told` hears what happens."""

    account: Account
    told: Callable[[str], None]

    def clear(self, departure: Departure) -> None:
        """Clear the way for everything that goes."""
        for balancer in departure.going(BALANCER):
            self._unprotect(balancer.name)
        for bucket in departure.going(BUCKET):
            self._empty(bucket.name)
        for vault in departure.going(VAULT):
            Vault(self.account, vault.name, self.told).empty()

    def _unprotect(self, arn: str) -> None:
        off = [{"Key": PROTECTION, "Value": "false"}]
        try:
            self.account.ask(
                "elbv2", "modify_load_balancer_attributes", LoadBalancerArn=arn, Attributes=off
            )
        except NotFound:
            return
        self.told(f"no longer protected: {arn}")

    def _empty(self, bucket: str) -> None:
        count = 0
        batch: list[dict[str, str]] = []
        try:
            for each in self._versions(bucket):
                batch.append(each)
                if len(batch) == MOST_AT_ONCE:
                    count += self._delete(bucket, batch)
                    batch = []
            count += self._delete(bucket, batch)
        except NotFound:
            return
        if count:
            self.told(f"emptied {bucket}: {count} objects")

    def _versions(self, bucket: str) -> Iterator[dict[str, str]]:
        for kind in ("Versions", "DeleteMarkers"):
            found = self.account.every("s3", "list_object_versions", kind, Bucket=bucket)
            yield from ({"Key": each["Key"], "VersionId": each["VersionId"]} for each in found)

    def _delete(self, bucket: str, batch: list[dict[str, str]]) -> int:
        if not batch:
            return 0
        wanted: dict[str, Any] = {"Objects": batch, "Quiet": True}
        told = self.account.ask("s3", "delete_objects", Bucket=bucket, Delete=wanted)
        if errors := told.get("Errors"):
            raise Unavailable(
                f"{bucket} can't be emptied: {errors[0].get('Message', '')}",
                next_step="mend that, then do the same again",
            )
        return len(batch)
