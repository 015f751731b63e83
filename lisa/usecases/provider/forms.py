"""Forms of ours: one that was shown may be sent once, from the browser that it was shown to."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lisa.domain.identity import digest
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.signing import Signing
from lisa.stores.provider.sign_ins import ProviderSignIns

KIND: Final = "form+jwt"
FORM_LIFE: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class Forms:
    """Marks forms; nothing is stored of one before it is sent, so that showing many costs nothing.

    A browser is known by a cookie of its own; `purpose` is what the form is for, to the letter.
    """

    sign_ins: ProviderSignIns
    signing: Signing
    clock: Clock
    ids: Ids

    def new_browser(self) -> str:
        """Return the value of a browser's cookie."""
        return self.ids.secret()

    def mark(self, purpose: str, browser: str) -> str:
        """Return what the form carries."""
        return self.signing.signed(
            KIND,
            {
                "jti": self.ids.new("form"),
                "for": digest(purpose),
                "by": digest(browser),
                "exp": int((self.clock.now() + FORM_LIFE).timestamp()),
            },
        )

    async def is_ours(self, mark: str, purpose: str, browser: str) -> bool:
        """Tell whether we showed this form to this browser lately; it is used up by that."""
        said = self.signing.read(KIND, mark)
        if not said or not browser:
            return False
        same = said["for"] == digest(purpose) and said["by"] == digest(browser)
        now = self.clock.now()
        if not same or int(str(said["exp"])) <= now.timestamp():
            return False
        return await self.sign_ins.use_form(digest(str(said["jti"])), now + FORM_LIFE)
