/** Prompts of the library: a persona says how to behave, a directive what to do. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { joinPages } from "../lib/pages";
import { type Api, answer, useApi } from "./client";
import type { components } from "./schema";

export type Prompt = components["schemas"]["PromptOut"];
export type NewPrompt = components["schemas"]["PromptCreate"];
export type Whose = "mine" | "shared" | "all";

/** Shared with this group means shared with everybody. */
export const EVERYBODY = "lisa:public";

const PROMPTS = "prompts";
const MOST = 100;
const PAGE = 50;
const at = (id: string) => ({ path: { prompt_id: id } });

/** The caller's own prompts and those shared with them, as a chat offers them. */
export function usePromptChoices() {
  const api = useApi();
  return useQuery({
    queryKey: [PROMPTS, "choices"],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const pages = await Promise.all([
        somePrompts(api, "mine", signal),
        somePrompts(api, "shared", signal),
      ]);
      return joinPages(pages);
    },
  });
}

const somePrompts = (api: Api, whose: Whose, signal: AbortSignal, cursor = "", limit = MOST) =>
  answer(api.GET("/prompts", { params: { query: { whose, limit, cursor } }, signal }));

export function usePrompts(whose: Whose) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [PROMPTS, "list", whose],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => somePrompts(api, whose, signal, pageParam, PAGE),
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => joinPages(data.pages),
  });
}

/** The versions of a prompt, newest first. */
export function useRevisions(id: string) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [PROMPTS, "revisions", id],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/prompts/{prompt_id}/revisions", {
          params: { ...at(id), query: { limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}

function useAnew() {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: [PROMPTS] });
}

export function useCreatePrompt() {
  const api = useApi();
  return useMutation({
    mutationFn: (wanted: NewPrompt) => answer(api.POST("/prompts", { body: wanted })),
    onSuccess: useAnew(),
  });
}

/** Makes another version, if the one that was shown is still the newest. */
export function useRevisePrompt({ id, version }: Pick<Prompt, "id" | "version">) {
  const api = useApi();
  return useMutation({
    mutationFn: (wanted: NewPrompt) =>
      answer(api.PUT("/prompts/{prompt_id}", { params: at(id), body: { ...wanted, version } })),
    onSettled: useAnew(),
  });
}

export function useDeletePrompt(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/prompts/{prompt_id}", { params: at(id) })),
    onSuccess: useAnew(),
  });
}
