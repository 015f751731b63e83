"""The built-in models' names, by which they say what they are."""

from typing import Final

DEMO: Final = "demo-extractive"
EMBEDDER: Final = "all-minilm-l6-v2"
