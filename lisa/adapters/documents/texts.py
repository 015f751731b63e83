"""Tells kinds of text apart, by how the name ends and else by how the text begins."""

import re
from typing import Final

from lisa.adapters.documents.charset import text_of
from lisa.adapters.documents.source import Source

CODE: Final = (
    *(".bas", ".bash", ".c", ".cc", ".clj", ".cpp", ".cs", ".cxx", ".dart", ".erl", ".ex", ".exs"),
    *(".fs", ".go", ".groovy", ".h", ".hh", ".hpp", ".hs", ".java", ".jl", ".js", ".jsx", ".kt"),
    *(".kts", ".lua", ".m", ".mjs", ".ml", ".php", ".pl", ".pm", ".proto", ".ps1", ".py", ".pyi"),
    *(".r", ".rb", ".rs", ".scala", ".sh", ".sql", ".svelte", ".swift", ".tf", ".ts", ".tsx"),
    *(".vb", ".vue", ".zig"),
)
BY_NAME: Final = {
    **dict.fromkeys(CODE, "code"),
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mkd", ".mdx"), "markdown"),
    **dict.fromkeys((".csv", ".tsv", ".tab"), "csv"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson", ".geojson", ".ipynb"), "json"),
    **dict.fromkeys((".yaml", ".yml"), "yaml"),
    **dict.fromkeys((".xml", ".xsd", ".xsl", ".xslt", ".rss", ".atom", ".svg", ".wsdl"), "xml"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".eml", ".mht", ".mhtml"), "email"),
}
HEAD: Final = 4096  # characters
XML: Final = re.compile(r"\s*<\?xml\s")
JSON: Final = re.compile(r"""\s*(\{\s*"[^"\n]*"\s*:|\[\s*(\{\s*["}]|\[|"|\d+\s*,))""")
FIELD: Final = re.compile(r"([!-9;-~]+):[ \t]*\S")
MAIL_FIELDS: Final = frozenset(
    {"from", "to", "cc", "subject", "date", "message-id", "received", "return-path"}
    | {"mime-version", "delivered-to"}
)
ENOUGH_FIELDS: Final = 3


def kind_of_text(source: Source) -> str:
    """Return which kind of text it is; plain text where nothing tells."""
    if named := BY_NAME.get(source.suffix):
        return named
    with text_of(source) as text:
        head = text.read(HEAD)
    if XML.match(head):
        return "xml"
    if JSON.match(head):
        return "json"
    return "email" if _has_fields_of_mail(head) else "text"


def _has_fields_of_mail(head: str) -> bool:
    fields = set[str]()
    for line in head.splitlines():
        if line[:1] in {" ", "\t"} and fields:
            continue
        if not (field := FIELD.match(line)):
            break
        fields.add(field.group(1).lower())
    return "from" in fields and len(fields & MAIL_FIELDS) >= ENOUGH_FIELDS
