"""Compares a picture of a page with the one that is committed."""

import os
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops

BASELINE = Path(__file__).parent / "baseline"
RESULTS = Path(__file__).parents[2] / "test-results"
TOLERANCE = 16
LARGEST_DIFFERENCE = 0.0005
COLOURS = 256


def complaints(name: str, png: bytes) -> list[str]:
    """Say in what a picture differs from its baseline, or make it the baseline if so told."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    baseline = BASELINE / f"{name}.png"
    if os.environ.get("LISA_TEST_UPDATE_BASELINE") == "1":
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(baseline, optimize=True)
    if not baseline.exists():
        return [f"{name}: no baseline; LISA_TEST_UPDATE_BASELINE=1 writes it"]
    with Image.open(baseline) as opened:
        expected = opened.convert("RGB")
    if picture.size != expected.size:
        shown = _shown(name, picture)
        return [f"{name}: {picture.size} instead of {expected.size}, see {shown}"]
    differing = _differing_pixels(picture, expected)
    fraction = differing.histogram()[255] / (picture.width * picture.height)
    if fraction <= LARGEST_DIFFERENCE:
        return []
    seen, difference = _shown(name, picture), _shown(f"{name}-difference", differing)
    return [f"{name}: {fraction:.2%} of the pixels differ, see {seen} and {difference}"]


def _differing_pixels(picture: Image.Image, expected: Image.Image) -> Image.Image:
    """Draw white where any channel differs by more than the tolerance, black elsewhere."""
    red, green, blue = ImageChops.difference(picture, expected).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point([0] * (TOLERANCE + 1) + [255] * (255 - TOLERANCE))


def _shown(name: str, picture: Image.Image) -> str:
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.png"
    picture.save(file)
    return f"test-results/{file.name}"
