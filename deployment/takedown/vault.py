"""Removes the copies in a vault, which else keep it, and its stack with it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from deployment.account import Account
from lisa.domain.errors import Forbidden, Invalid, NotFound, Unavailable

PATIENCE_SECONDS: Final = 600.0
DELETING: Final = "DELETING"


@dataclass(frozen=True)
class Vault:
    """One vault. `told` hears what happens, and what AWS says against it: nothing else is held up.

    AWS is asked every so many seconds whether all has gone.
    """

    account: Account
    name: str
    told: Callable[[str], None]
    every_seconds: float = 5.0

    def empty(self) -> None:
        """Remove every copy that may go, and wait until those have gone."""
        try:
            begun, refused = self._begin()
            left = self._wait_for(begun)
        except NotFound:
            return
        except (Forbidden, Invalid, Unavailable) as error:
            self.told(f"copies in {self.name} stay, and it with them: {error.message}")
            return
        if begun:
            self.told(f"removed {len(begun) - left} copies of {self.name}")
        if left:
            self.told(f"{left} copies of {self.name} are still going: do the same again later")
        if refused:
            why = "; ".join(sorted({*refused.values()}))
            self.told(
                f"{len(refused)} copies stay in {self.name}, and it with them: {why}\n"
                "  they go when their time has come (backup.keep_days), or where their lock lets "
                f"you: aws backup delete-backup-vault-lock-configuration --backup-vault-name "
                f"{self.name} --region {self.account.region}"
            )

    def _begin(self) -> tuple[set[str], dict[str, str]]:
        """Begin with all; return which ones, and why others stay."""
        begun, refused = set(), {}
        for arn, status in [*self._copies()]:
            try:
                if status != DELETING:
                    self.account.ask(
                        "backup",
                        "delete_recovery_point",
                        BackupVaultName=self.name,
                        RecoveryPointArn=arn,
                    )
                begun.add(arn)
            except (Forbidden, Invalid) as error:
                refused[arn] = error.message
        return begun, refused

    def _wait_for(self, begun: set[str]) -> int:
        """Return how many are still there when patience ends."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while left := begun & {arn for arn, _ in self._copies()} if begun else set():
            if time.monotonic() > deadline:
                return len(left)
            time.sleep(self.every_seconds)
        return 0

    def _copies(self) -> Iterator[tuple[str, str]]:
        for each in self.account.every(
            "backup",
            "list_recovery_points_by_backup_vault",
            "RecoveryPoints",
            BackupVaultName=self.name,
        ):
            yield each["RecoveryPointArn"], each["Status"]
