/** What is asked of the gateway: one turn of a session, as its owner has set it up. */
import type { TurnBody, WireItem } from "../api/responses";

export const EFFORTS = ["none", "minimal", "low", "medium", "high"] as const;
export type Effort = (typeof EFFORTS)[number];

/** Engine arguments; what isn't given is as the model likes. */
export interface ModelArgs {
  max_tokens?: number;
  temperature?: number;
  top_p?: number;
  frequency_penalty?: number;
  presence_penalty?: number;
  seed?: number;
  stop?: string[];
  reasoning_effort?: Effort;
}

export interface Persona {
  id: string;
  title: string;
  body: string;
}

/** How a session's turns are asked for; kept with the session. */
export interface Setup {
  model: string;
  modelArgs: ModelArgs;
  /** Tool servers that are left out, by their ids. */
  toolsOff: string[];
  /** The collections that are searched, by the names of their vector stores. */
  collections: string[];
  persona: Persona | null;
}

export interface Turn {
  sessionId: string;
  setup: Setup;
  /** The tool servers that may be used. */
  tools: { id: string; disabledTools: string[]; tools: string[] }[];
  input: WireItem[];
  /** Given where the input doesn't follow the newest item. */
  parentId?: string | null;
  approval?: "once" | "session" | "always";
  summarise?: { file_id: string; style: string; prompt: string };
}

export function turnBody(turn: Turn): TurnBody {
  const { setup, input } = turn;
  const { max_tokens, temperature, top_p, reasoning_effort, ...chat } = setup.modelArgs;
  return withoutNothing({
    model: setup.model,
    conversation: turn.sessionId,
    input,
    instructions: setup.persona?.body,
    tools: toolsOf(turn),
    include: setup.collections.length > 0 ? ["file_search_call.results"] : undefined,
    max_output_tokens: max_tokens,
    temperature,
    top_p,
    reasoning: reasoning_effort && { effort: reasoning_effort },
    lisa: withoutNothing({
      parent_id: turn.parentId,
      chat: Object.keys(chat).length > 0 ? chat : undefined,
      approval: turn.approval,
      inline_images: false,
      summarise: turn.summarise,
    }),
  });
}

function toolsOf({ tools, setup }: Turn) {
  const used = tools.filter(({ id }) => !setup.toolsOff.includes(id));
  const servers = used.map(({ id, disabledTools, tools: all }) =>
    withoutNothing({
      type: "mcp",
      server_label: id,
      allowed_tools: disabledTools.length
        ? all.filter((name) => !disabledTools.includes(name))
        : undefined,
    }),
  );
  const { collections } = setup;
  const search = { type: "file_search", vector_store_ids: collections };
  const all = collections.length > 0 ? [...servers, search] : servers;
  return all.length > 0 ? all : undefined;
}

const withoutNothing = (given: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

/** Reads what a session keeps, whatever else it keeps there. */
export function setupOf(configuration: Record<string, unknown>): Setup {
  const { model, modelArgs, toolsOff, collections, persona } = configuration as Partial<Setup>;
  return {
    model: typeof model === "string" ? model : "",
    modelArgs: modelArgs && typeof modelArgs === "object" ? modelArgs : {},
    toolsOff: Array.isArray(toolsOff) ? toolsOff.map(String) : [],
    collections: Array.isArray(collections) ? collections.map(String) : [],
    persona: persona?.body ? persona : null,
  };
}
