"""A secret that is replaced while processes use it: three words in one text, so that all agree.

The text is `PREVIOUS CURRENT NEXT`. Whoever shows or signs takes the current word, whoever checks
takes any: a process that still remembers the text before the last rotation agrees with all others.
A text that isn't three words is the current one itself, as it is before the first rotation.
"""

import hmac
from dataclasses import dataclass, field
from typing import Final

SEVERAL: Final = 3


@dataclass(frozen=True)
class Rotating:
    """The words of such a secret, from the oldest on."""

    words: tuple[str, ...] = field(repr=False)

    @property
    def current(self) -> str:
        """Return what is shown and signed with."""
        return self.words[len(self.words) // 2]

    @property
    def text(self) -> str:
        """Return how it is kept."""
        return " ".join(self.words)

    def accepts(self, given: str) -> bool:
        """Tell whether it is one of the words, in a time that tells nothing."""
        shown = given.encode("utf-8", "replace")
        equal = [hmac.compare_digest(each.encode(), shown) for each in self.words]
        return any(equal)

    def rotated(self, new: str) -> "Rotating":
        """Return it with a new word at its end; the first rotation leaves the current one."""
        return Rotating((self.current, self.words[-1], new))

    def follows(self, former: "Rotating") -> bool:
        """Tell whether it is what a rotation of the other one makes."""
        return len(self.words) == SEVERAL and self == former.rotated(self.words[-1])


def read_rotating(text: str) -> Rotating:
    """Return what is kept in this text."""
    words = tuple(text.split(" "))
    return Rotating(words if len(words) == SEVERAL and all(words) else (text,))
