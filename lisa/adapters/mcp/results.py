"""What a tool gave, as text for a model."""

import json
from collections.abc import Sequence
from typing import Final

import mcp_types as wire

from lisa.domain.session import plain
from lisa.ports.tool_servers import Tool, ToolResult

LONGEST: Final = 256 * 1024
LONGEST_DESCRIPTION: Final = 4096
MOST_TOOLS: Final = 256
LONGEST_LIST: Final = 512 * 1024


def as_result(answer: wire.CallToolResult) -> ToolResult:
    """Return the text; of what isn't text only what it is, and nothing beyond the bound."""
    pieces = [_text(block) for block in answer.content]
    if not any(pieces) and answer.structured_content is not None:
        pieces = [json.dumps(answer.structured_content, ensure_ascii=False)]
    text = plain("\n\n".join(piece for piece in pieces if piece))
    size = len(text.encode())
    if size <= LONGEST:
        return ToolResult(text, is_error=answer.is_error)
    kept = text.encode()[:LONGEST].decode("utf-8", "ignore")
    return ToolResult(f"{kept}\n\n[cut: {size} bytes, {LONGEST} kept]", is_error=answer.is_error)


def as_tools(listed: Sequence[wire.Tool]) -> list[Tool]:
    """Return the tools that fit in what a model can be told of."""
    tools: list[Tool] = []
    left = LONGEST_LIST
    for each in listed[:MOST_TOOLS]:
        left -= len(json.dumps(each.input_schema))
        if left < 0:
            break
        tools.append(_tool(each))
    return tools


def _tool(each: wire.Tool) -> Tool:
    notes = each.annotations
    return Tool(
        name=each.name,
        description=plain(each.description or each.title or "")[:LONGEST_DESCRIPTION],
        input_schema=each.input_schema,
        annotations=notes.model_dump(by_alias=True, exclude_none=True) if notes else {},
    )


def _text(block: wire.ContentBlock) -> str:
    if isinstance(block, wire.TextContent):
        return block.text
    if isinstance(block, wire.EmbeddedResource):
        resource = block.resource
        if isinstance(resource, wire.TextResourceContents):
            return resource.text
        return f"[{resource.mime_type or 'data'} at {resource.uri}]"
    if isinstance(block, wire.ResourceLink):
        return f"[{block.name} at {block.uri}]"
    return f"[{block.mime_type}, {len(block.data)} characters of base64]"
