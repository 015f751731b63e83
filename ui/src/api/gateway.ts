/** The gateway, where models are called: it speaks OpenAI, and takes whoever is signed in here. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { eventsOf } from "../lib/events";
import { Problem, problemFrom } from "../lib/problem";
import { text } from "../lib/strings";
import { playgroundText } from "../lib/words/playground";
import { type Api, reached, useApi } from "./client";
import { useModelsAnew } from "./models";

export interface Usable {
  id: string;
  /** What it is for, as LiteLLM calls it; empty where that isn't known. */
  mode: string;
  /** What sleeps is called all the same, and wakes. */
  isAsleep?: boolean;
}

export interface ChatAsked {
  model: string;
  messages: { role: "system" | "user"; content: string }[];
  temperature?: number;
  max_tokens?: number;
}

export interface EmbeddingAsked {
  model: string;
  input: string;
}

/** What came so far. */
export interface Answered {
  said: string;
  firstByteMs: number | null;
  totalMs: number | null;
  tokens: { prompt: number; completion: number } | null;
  /** Why the model stopped, in its own words; empty while it goes on. */
  finish: string;
}

export interface Vector {
  numbers: number[];
  totalMs: number;
  tokens: number | null;
}

interface Chunk {
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[];
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
  error?: unknown;
}

const NOTHING: Answered = {
  said: "",
  firstByteMs: null,
  totalMs: null,
  tokens: null,
  finish: "",
};

export function useUsableModels() {
  const api = useApi();
  return useQuery({
    queryKey: ["usable models"],
    queryFn: async ({ signal }): Promise<Usable[]> => {
      const [listed, modes] = await Promise.all([
        call(api, "/models", { signal }).then(read<{ data: { id: string }[] }>),
        modesOf(api, signal),
      ]);
      return listed.data.map(({ id }) => ({ id, mode: modes.get(id) ?? "" }));
    },
  });
}

/** What each model is for is good to know, and not more: without it all are offered for all. */
async function modesOf(api: Api, signal: AbortSignal): Promise<Map<string, string>> {
  try {
    const response = await call(api, "/model/info", { signal });
    const { data } = await read<{ data: Info[] }>(response);
    return new Map(data.map((one) => [one.model_name, one.model_info?.mode ?? ""]));
  } catch {
    return new Map();
  }
}

interface Info {
  model_name: string;
  model_info?: { mode?: string };
}

interface Sending {
  asked: ChatAsked;
  signal: AbortSignal;
  onProgress: (answered: Answered) => void;
}

/** Streams an answer; who stops it by the signal keeps what had come. */
export function useChat() {
  const api = useApi();
  return useMutation({
    mutationFn: (sending: Sending) => streamed(api, sending),
    onSettled: useModelsAnew(), // a call may have woken its model
  });
}

async function streamed(api: Api, { asked, signal, onProgress }: Sending): Promise<Answered> {
  const begun = performance.now();
  let answered = NOTHING;
  const body = { ...asked, stream: true, stream_options: { include_usage: true } };
  const response = await post(api, "/chat/completions", body, signal);
  if (!response.ok || !response.body) throw await refusalOf(response);
  let isWhole = false;
  for await (const event of unbroken(eventsOf(response.body))) {
    isWhole = event === "[DONE]";
    if (isWhole) break;
    const firstByteMs = answered.firstByteMs ?? performance.now() - begun;
    answered = { ...withChunk(answered, parsed(event)), firstByteMs };
    onProgress(answered);
  }
  if (!isWhole && !answered.finish) throw brokenOff();
  return { ...answered, totalMs: performance.now() - begun };
}

/** A connection that ends too soon is an answer that broke off. */
async function* unbroken(events: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    yield* events;
  } catch (error) {
    if (error instanceof TypeError) throw brokenOff();
    throw error;
  }
}

const brokenOff = () => new Problem(0, playgroundText.brokeOff, playgroundText.brokeOffNext);

function withChunk(before: Answered, { choices, usage, error }: Chunk): Answered {
  if (error) throw problemFrom(0, { error });
  const choice = choices?.[0];
  return {
    ...before,
    said: before.said + (choice?.delta?.content ?? ""),
    finish: choice?.finish_reason ?? before.finish,
    tokens: usage
      ? { prompt: usage.prompt_tokens, completion: usage.completion_tokens }
      : before.tokens,
  };
}

function parsed(event: string): Chunk {
  try {
    return JSON.parse(event) as Chunk;
  } catch {
    throw new Problem(0, text.unreadable, text.unreadableNext);
  }
}

interface Embedded {
  data: { embedding: number[] }[];
  usage?: { prompt_tokens?: number };
}

export function useEmbedding() {
  const api = useApi();
  return useMutation({
    mutationFn: async (asked: EmbeddingAsked): Promise<Vector> => {
      const begun = performance.now();
      const answer = await read<Embedded>(await post(api, "/embeddings", asked));
      return {
        numbers: answer.data[0]?.embedding ?? [],
        totalMs: performance.now() - begun,
        tokens: answer.usage?.prompt_tokens ?? null,
      };
    },
    onSettled: useModelsAnew(),
  });
}

const call = (api: Api, path: string, init: RequestInit) =>
  reached(api.send(api.gatewayUrl + path, { credentials: "same-origin", ...init }));

const post = (api: Api, path: string, body: unknown, signal?: AbortSignal) =>
  call(api, path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });

async function read<Body>(response: Response): Promise<Body> {
  if (!response.ok) throw await refusalOf(response);
  const body: unknown = await response.json().catch(() => null);
  if (body === null) throw new Problem(0, text.unreadable, text.unreadableNext);
  return body as Body;
}

async function refusalOf(response: Response): Promise<Problem> {
  return problemFrom(response.status, await response.json().catch(() => null));
}
