/** What a reader sees of an item: parts, each of one kind. Never throws, whatever an item lacks. */
import type { WireItem, WirePart, WirePassage } from "../api/responses";
import { type Citation, citationsOf } from "./citations";

export type ToolState = "running" | "done" | "failed" | "asking" | "approved" | "denied";

export interface TextPart {
  kind: "text";
  id: string;
  text: string;
  /** What it rests on, in the order in which it says so. */
  citations: readonly Citation[];
}

export interface SearchPart {
  kind: "search";
  id: string;
  queries: readonly string[];
  /** Nothing where it isn't known. */
  passages: readonly WirePassage[] | null;
  state: "running" | "done" | "failed";
}

export interface ReasoningPart {
  kind: "reasoning";
  id: string;
  text: string;
  isOver: boolean;
}

export interface ToolPart {
  kind: "tool";
  id: string;
  server: string;
  name: string;
  arguments: string;
  result: string;
  error: string;
  state: ToolState;
}

export interface ToolListPart {
  kind: "tools";
  id: string;
  server: string;
  error: string;
}

export interface ImagePart {
  kind: "image";
  id: string;
  fileId: string;
  /** Its own bytes, where it isn't a file of the session. */
  url: string;
  prompt: string;
  state: "running" | "done" | "failed";
}

export interface FilePart {
  kind: "file";
  id: string;
  fileId: string;
  name: string;
}

export interface OtherPart {
  kind: "other";
  id: string;
  type: string;
  content: string;
}

export type Part =
  | TextPart
  | ReasoningPart
  | ToolPart
  | ToolListPart
  | ImagePart
  | FilePart
  | SearchPart
  | OtherPart;

const known = new WeakMap<WireItem, Part[]>();

/** The same item has the same parts, so that what shows them needn't be drawn again. */
export function partsOf(item: WireItem): Part[] {
  let parts = known.get(item);
  if (!parts) {
    parts = (READERS[item.type] ?? other)(item);
    known.set(item, parts);
  }
  return parts;
}

const READERS: Record<string, (item: WireItem) => Part[]> = {
  message: ({ id, content }) => (content ?? []).map((part, at) => contentPart(`${id}-${at}`, part)),
  reasoning,
  function_call: (item) => [tool(item, stateOf(item))],
  mcp_call: (item) => [tool(item, stateOf(item))],
  mcp_approval_request: (item) => [tool(item, "asking")],
  mcp_list_tools: (item) =>
    item.error
      ? [{ kind: "tools", id: item.id, server: item.server_label ?? "", error: said(item.error) }]
      : [],
  file_search_call: (item) => [
    {
      kind: "search",
      id: item.id,
      queries: item.queries ?? [],
      passages: item.results ?? null,
      state: stateOf(item),
    },
  ],
  mcp_approval_response: () => [],
  function_call_output: () => [],
  image_generation_call: (item) => [
    {
      kind: "image",
      id: item.id,
      fileId: item.lisa?.file_id ?? "",
      url: "",
      prompt: item.revised_prompt ?? "",
      state: stateOf(item),
    },
  ],
};

function contentPart(id: string, part: WirePart): Part {
  if (part.type === "input_image" || part.type === "image_url") return image(id, part);
  if (part.type === "input_file")
    return { kind: "file", id, fileId: part.file_id ?? "", name: part.filename ?? "" };
  const text = part.text ?? part.refusal;
  if (typeof text === "string") return { kind: "text", id, text, citations: citationsOf(part) };
  return { kind: "other", id, type: part.type ?? "", content: JSON.stringify(part, null, 2) };
}

function image(id: string, { file_id, image_url }: WirePart): ImagePart {
  const given = typeof image_url === "string" ? image_url : (image_url as { url?: string })?.url;
  // Only bytes that came along: an address elsewhere would tell its server who reads this.
  const url = given?.startsWith("data:image/") ? given : "";
  return { kind: "image", id, fileId: file_id ?? "", url, prompt: "", state: "done" };
}

function reasoning({ id, status, content, summary }: WireItem): Part[] {
  const pieces = content?.length ? content : (summary ?? []);
  const text = pieces.map((piece) => piece.text ?? "").join("\n\n");
  if (!text.trim()) return [];
  return [{ kind: "reasoning", id, text, isOver: status !== "in_progress" }];
}

function tool(item: WireItem, state: ToolState): ToolPart {
  return {
    kind: "tool",
    id: item.id,
    server: item.server_label ?? "",
    name: item.name ?? "",
    arguments: item.arguments ?? "",
    result: said(item.output),
    error: said(item.error),
    state,
  };
}

const RUNNING = new Set(["in_progress", "calling", "generating", "searching"]);

function stateOf({ status, error }: WireItem): "running" | "done" | "failed" {
  if (error || status === "failed" || status === "incomplete") return "failed";
  return RUNNING.has(status ?? "") ? "running" : "done";
}

const other = ({ id, type, ...rest }: WireItem): Part[] => [
  { kind: "other", id, type, content: JSON.stringify(rest, null, 2) },
];

/** Words for people, in whatever wrapping they came. */
function said(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  const message = (value as { message?: unknown }).message;
  return typeof message === "string" ? message : JSON.stringify(value, null, 2);
}
