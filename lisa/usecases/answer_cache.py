"""Answers remembered for whoever asks exactly the same again: in memory, each caller for itself.

Models opt in by `cache_seconds`, callers out by `cache-control: no-store`; streams and endpoints
that don't answer in one document are never remembered.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.domain.usage import Counts
from lisa.ports.clock import Clock

ENDPOINTS: Final = frozenset({"chat", "completions", "embeddings"})
REFUSALS: Final = frozenset({"no-store", "no-cache"})
MOST_BYTES: Final = 64 * 1024 * 1024
LARGEST: Final = 1024 * 1024
ENVELOPE: Final = 500  # bytes an answer takes beside its body, about


@dataclass(frozen=True)
class CacheKey:
    """What was asked by whom, as a hash, and for how long the answer counts."""

    digest: bytes
    seconds: int


@dataclass(frozen=True)
class KeptAnswer:
    """An answer in full: its body, its kind, and what it used when it was made."""

    body: bytes
    content_type: str
    counts: Counts


@dataclass
class AnswerCache:
    """Keeps answers, the least recently wanted of them go first."""

    clock: Clock
    most_bytes: int = MOST_BYTES
    hits: int = 0
    misses: int = 0
    _kept: OrderedDict[bytes, tuple[datetime, KeptAnswer]] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def lookup(self, key: CacheKey) -> KeptAnswer | None:
        """Return the answer, if it is still remembered."""
        found = self._kept.get(key.digest)
        if found and self.clock.now() < found[0]:
            self.hits += 1
            self._kept.move_to_end(key.digest)
            return found[1]
        if found:
            self._forget(key.digest)
        self.misses += 1
        return None

    def keep(self, key: CacheKey, status: int, answer: KeptAnswer) -> None:
        """Remember an answer, if it is a good one and not too long."""
        if status != HTTPStatus.OK or len(answer.body) > min(LARGEST, self.most_bytes // 2):
            return
        if key.digest in self._kept:
            self._forget(key.digest)
        ends = self.clock.now() + timedelta(seconds=key.seconds)
        self._kept[key.digest] = (ends, answer)
        self._bytes += _size(answer)
        while self._bytes > self.most_bytes:
            self._forget(next(iter(self._kept)))

    def _forget(self, digest: bytes) -> None:
        _, answer = self._kept.pop(digest)
        self._bytes -= _size(answer)


def cache_key(
    *,
    caller: Principal,
    model: Model,
    endpoint: str,
    body: bytes,
    streams: bool,
    headers: Mapping[str, str],
) -> CacheKey | None:
    """Return what an answer is remembered by; nothing where none must be."""
    wishes = {wish.strip().lower() for wish in headers.get("cache-control", "").split(",")}
    if streams or not model.cache_seconds or endpoint not in ENDPOINTS or wishes & REFUSALS:
        return None
    asked = (caller.subject, model.id, str(model.version), endpoint)
    digest = hashlib.sha256("".join(f"{len(part)}:{part}" for part in asked).encode() + body)
    return CacheKey(digest.digest(), model.cache_seconds)


def _size(answer: KeptAnswer) -> int:
    return len(answer.body) + ENVELOPE
