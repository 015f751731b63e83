"""What every answer with one of our pages says of it: what it may load, and how long it stays."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# Diagrams and formulas bring styles with them; no script has an exception.
SOURCES: Final = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' blob: data:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
REVALIDATED: Final = "no-cache"
FOREVER: Final = "public, max-age=31536000, immutable"
ASSETS: Final = "assets/"  # each has a hash of its content in its name
INDEX: Final = "index.html"
CONFIG: Final = "config.json"
LOGOS: Final = (".svg", ".png", ".webp")


def _picture(file: Path) -> Path:
    if file.suffix not in LOGOS or not file.is_file():
        raise ValueError(f"there is no such picture, or it isn't one of {', '.join(LOGOS)}")
    return file


class Branding(BaseModel):
    """What pages are called and look like here; nothing means our own name, colour and no logo."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(max_length=60)] = ""
    accent: Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6})?$")] = ""
    logo: Annotated[Path, AfterValidator(_picture)] | None = None

    def told(self) -> dict[str, str]:
        """Return what pages are told of it; the logo lies beside them."""
        logo = f"logo{self.logo.suffix}" if self.logo else ""
        told = {"name": self.name, "accent": self.accent, "logo": logo}
        return {key: value for key, value in told.items() if value}


def content_policy(connect_to: Iterable[str] = (), images_from: Iterable[str] = ()) -> str:
    """Return the policy of pages that may also ask, and show images of, these origins."""
    sources = SOURCES | {
        "connect-src": " ".join([SOURCES["connect-src"], *connect_to]),
        "img-src": " ".join([SOURCES["img-src"], *images_from]),
    }
    return "; ".join(f"{what} {where}" for what, where in sources.items())
