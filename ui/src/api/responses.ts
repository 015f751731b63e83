/** Turns at the gateway: asked for, watched, stopped. The wire is that of OpenAI's Responses. */
import { createParser } from "eventsource-parser";
import { Problem, problemFrom } from "../lib/problem";
import { text } from "../lib/strings";
import { type Api, reached } from "./client";

/** A place in a document that a text rests on; all but the first four are LISA's own. */
export interface WireCitation {
  type: string;
  file_id?: string;
  filename?: string;
  /** At which character of the text, counted as Python does. */
  index?: number;
  number?: number;
  page?: number;
  last_page?: number;
  start?: number;
  /** Which passage of its document it is. */
  ordinal?: number;
  quote?: string;
  collection?: string;
}

/** A passage that a search of files has found. */
export interface WirePassage {
  file_id: string;
  filename: string;
  score: number;
  text: string;
  number?: number;
  collection?: string;
  page?: number | null;
  last_page?: number | null;
  start?: number;
  headings?: string[];
}

/** A piece of a message: text, an image, a file, a refusal. */
export interface WirePart {
  type: string;
  text?: string;
  refusal?: string;
  file_id?: string;
  filename?: string;
  image_url?: unknown;
  annotations?: WireCitation[];
}

/** An item of any type; what a type lacks is left out. */
export interface WireItem {
  id: string;
  type: string;
  status?: string;
  role?: string;
  content?: WirePart[];
  summary?: WirePart[];
  name?: string;
  server_label?: string;
  arguments?: string;
  output?: unknown;
  error?: unknown;
  call_id?: string;
  approval_request_id?: string;
  approve?: boolean;
  revised_prompt?: string;
  lisa?: { file_id?: string; content_type?: string };
  queries?: string[];
  results?: WirePassage[] | null;
}

export interface WireUsage {
  input_tokens?: number;
  output_tokens?: number;
}

/** What LISA measured; nothing where it isn't known yet. */
export interface Measured {
  first_token_ms?: number | null;
  total_ms?: number | null;
  tokens_per_second?: number | null;
  cost?: number | null;
  served_by?: string | null;
}

export interface WireResponse {
  id: string;
  status?: string;
  model?: string;
  output?: WireItem[];
  usage?: WireUsage | null;
  error?: { code?: string; message?: string } | null;
  incomplete_details?: { reason?: string } | null;
  lisa?: Measured | null;
}

/** One event of a turn. Types that a reader doesn't know are none of its business. */
export interface WireEvent {
  type: string;
  sequence_number?: number;
  response?: WireResponse;
  item?: WireItem;
  item_id?: string;
  output_index?: number;
  content_index?: number;
  summary_index?: number;
  part?: WirePart;
  annotation?: WireCitation;
  delta?: string;
  text?: string;
  arguments?: string;
  refusal?: string;
  code?: string | null;
  message?: string;
}

export type TurnBody = Record<string, unknown>;

/** Begins a turn and gives its events as they come. */
export async function beginTurn(api: Api, body: TurnBody, signal: AbortSignal) {
  const response = await ask(api, "/responses", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...body, stream: true, store: true }),
    signal,
  });
  return eventsOf(response);
}

/** Gives the events of a turn behind one that is known, and goes on with those to come. */
export async function watchTurn(api: Api, id: string, after: number, signal: AbortSignal) {
  const query = after >= 0 ? `?stream=true&starting_after=${after}` : "?stream=true";
  return eventsOf(await ask(api, at(id, query), { signal }));
}

export async function readTurn(api: Api, id: string, signal?: AbortSignal): Promise<WireResponse> {
  return (await ask(api, at(id), { signal })).json();
}

export async function cancelTurn(api: Api, id: string): Promise<WireResponse> {
  return (await ask(api, at(id, "/cancel"), { method: "POST" })).json();
}

const at = (id: string, rest = "") => `/responses/${encodeURIComponent(id)}${rest}`;

async function ask(api: Api, path: string, init: RequestInit): Promise<Response> {
  const call = api.send(api.gatewayUrl + path, { credentials: "same-origin", ...init });
  const response = await reached(call);
  if (response.ok) return response;
  throw problemFrom(response.status, await response.json().catch(() => null));
}

async function* eventsOf(response: Response): AsyncGenerator<WireEvent> {
  const ready: WireEvent[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data !== "[DONE]") ready.push(parsed(data));
    },
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (value) parser.feed(value);
      yield* ready.splice(0);
      if (done) return;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

function parsed(data: string): WireEvent {
  try {
    return JSON.parse(data) as WireEvent;
  } catch {
    throw new Problem(0, text.unreadable, text.unreadableNext);
  }
}
