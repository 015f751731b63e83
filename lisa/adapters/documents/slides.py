"""Text of PowerPoint presentations: a page for each slide, with its tables and its notes."""

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from lisa.adapters.documents import faults
from lisa.adapters.documents.kinds import UNPACKING_FAULTS
from lisa.adapters.documents.outline import Outline
from lisa.adapters.documents.rows import groups
from lisa.adapters.documents.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lisa.ports.extraction import Section

FAULTS: Final = (KeyError, ValueError, SyntaxError, AttributeError, *UNPACKING_FAULTS)
DEEPEST: Final = 20  # groups within groups


def read(source: Source) -> "Iterator[Section]":
    """Yield its slides in the order in which they are shown."""
    import pptx  # noqa: PLC0415 - takes a quarter of a second, which only the worker shall pay for
    from pptx.exc import PythonPptxError  # noqa: PLC0415 - as above

    content = source.content
    try:
        shown = pptx.Presentation(BytesIO(content) if isinstance(content, bytes) else str(content))
        source.pages = len(shown.slides)
        for number, slide in enumerate(shown.slides, 1):
            yield from _slide(slide, Outline(page=number))
    except (PythonPptxError, *FAULTS) as fault:  # as parts raise that aren't as they should be
        raise faults.broken() from fault


def _slide(slide: Any, outline: Outline) -> "Iterator[Section]":
    title = slide.shapes.title
    if title is not None:
        yield from outline.head(1, title.text_frame.text)
    for shape in _shapes(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape, outline)
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    if notes is not None and (text := notes.text.strip()):
        yield from outline.say(f"\nNotes: {text}\n")
    yield from outline.rest()


def _shape(shape: Any, outline: Outline) -> "Iterator[Section]":
    if getattr(shape, "has_table", False):
        rows = ([cell.text for cell in row.cells] for row in shape.table.rows)
        for group in groups(rows):
            yield from outline.tell(group)
    elif shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            yield from outline.say(f"{paragraph.text}\n")


def _shapes(shapes: Any, depth: int = 0) -> "Iterator[Any]":
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < DEEPEST:
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape
