/** Tool servers: those that are switched on, as a chat offers them, and the registry of all. */
import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { joinPages } from "../lib/pages";
import { Problem, problemFrom } from "../lib/problem";
import { type Api, answer, reached, useApi } from "./client";
import type { components } from "./schema";

export interface UsableServer {
  id: string;
  name: string;
  description: string;
  disabledTools: string[];
  tools: string[];
}

interface ServerOut {
  id: string;
  name: string;
  description?: string;
  active?: boolean;
  choices?: { enabled?: boolean; disabled_tools?: string[] };
}

export function useUsableServers() {
  const api = useApi();
  return useQuery({
    queryKey: ["tool-servers", "usable"],
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<UsableServer[]> => {
      const page = await read<{ items: ServerOut[] }>(api, "/tool-servers?limit=100", signal);
      const used = page.items.filter(({ active, choices }) => active !== false && choices?.enabled);
      return Promise.all(used.map((one) => withTools(api, one, signal)));
    },
  });
}

/** Which tools there are matters only where some are left out. */
async function withTools(api: Api, server: ServerOut, signal: AbortSignal): Promise<UsableServer> {
  const { id, name, description = "", choices } = server;
  const disabledTools = choices?.disabled_tools ?? [];
  const usable = { id, name, description, disabledTools, tools: [] };
  if (disabledTools.length === 0) return usable;
  const path = `/tool-servers/${encodeURIComponent(id)}/tools`;
  const { tools } = await read<{ tools: { name: string }[] }>(api, path, signal);
  return { ...usable, tools: tools.map((tool) => tool.name) };
}

async function read<Body>(api: Api, path: string, signal: AbortSignal): Promise<Body> {
  const call = api.send(api.baseUrl + path, { credentials: "same-origin", signal });
  const response = await reached(call);
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemFrom(response.status, body);
  if (body === null) throw new Problem(0, "", "");
  return body as Body;
}

export type ToolServer = components["schemas"]["ToolServerOut"];
export type NewToolServer = components["schemas"]["ToolServerIn"];
export type Choices = components["schemas"]["ChoicesOut"];
export type Tool = components["schemas"]["ToolOut"];
export type WhoseServers = "mine" | "all";

const SERVERS = "tool-servers";
const PAGE = 50;
const serverKey = (id: string) => [SERVERS, "one", id] as const;
const at = (id: string) => ({ params: { path: { server_id: id } } });

export function useToolServers(whose: WhoseServers) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [SERVERS, "list", whose],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/tool-servers", {
          params: { query: { whose, limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => joinPages(data.pages),
  });
}

export function useToolServer(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: serverKey(id),
    queryFn: ({ signal }) => answer(api.GET("/tool-servers/{server_id}", { ...at(id), signal })),
    // While somebody fills in the form nothing changes below their hands.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

function useAnew() {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: [SERVERS] });
}

export function useCreateToolServer() {
  const api = useApi();
  return useMutation({
    mutationFn: (wanted: NewToolServer) => answer(api.POST("/tool-servers", { body: wanted })),
    onSuccess: useAnew(),
  });
}

/** Against the version that was shown, so that two people don't undo each other. */
export function useChangeToolServer(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: ({ wanted, version }: { wanted: NewToolServer; version: number }) =>
      answer(api.PUT("/tool-servers/{server_id}", { ...at(id), body: { ...wanted, version } })),
    onSettled: useAnew(),
  });
}

export function useRemoveToolServer(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/tool-servers/{server_id}", at(id))),
    onSuccess: useAnew(),
  });
}

/** Connects to the server, really, and lists its tools. */
export function useTestToolServer(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: () => answer(api.POST("/tool-servers/{server_id}/test", at(id))),
  });
}

export function useTools(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [SERVERS, "tools", id],
    staleTime: 60_000,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/tool-servers/{server_id}/tools", { ...at(id), signal }))).tools,
  });
}

/** Shown at once, and read again if it isn't kept. */
export function useChoose(server: ToolServer) {
  const api = useApi();
  const queries = useQueryClient();
  const show = (choices: Choices) =>
    queries.setQueriesData<InfiniteData<{ items: ToolServer[]; next_cursor: string }>>(
      { queryKey: [SERVERS, "list"] },
      (known) =>
        known && {
          ...known,
          pages: known.pages.map((page) => ({
            ...page,
            items: page.items.map((one) => (one.id === server.id ? { ...one, choices } : one)),
          })),
        },
    );
  return useMutation({
    scope: { id: `choices ${server.id}` },
    mutationFn: (choices: Choices) =>
      answer(api.PUT("/tool-servers/{server_id}/choices", { ...at(server.id), body: choices })),
    onMutate: show,
    onError: () => void queries.invalidateQueries({ queryKey: [SERVERS, "list"] }),
    onSettled: () => void queries.invalidateQueries({ queryKey: [SERVERS, "usable"] }),
  });
}
