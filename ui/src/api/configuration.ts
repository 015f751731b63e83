/** What administrators switch and limit: the current document, its change, its history. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { valueAt } from "../lib/diff";
import { answer, useApi } from "./client";
import { useMe } from "./identity";
import type { components } from "./schema";

export type Version = components["schemas"]["VersionOut"];
type Change = components["schemas"]["ConfigurationChange"];

const CURRENT = ["configuration"] as const;
const HISTORY = ["configuration history"] as const;
const PAGE = 20;
const AGAIN_MS = 60_000;

/** Everybody sees banner and announcement, so every open page asks now and then. */
export function useConfiguration() {
  const api = useApi();
  return useQuery({
    queryKey: CURRENT,
    staleTime: AGAIN_MS,
    refetchInterval: AGAIN_MS,
    queryFn: ({ signal }) => answer(api.GET("/configurations/current", { signal })),
  });
}

/** Whether a feature is switched on; as long as nobody has said otherwise, it is. */
export function useSwitches(): (name: string) => boolean {
  const { data } = useConfiguration();
  return (name) => valueAt(data?.configuration, ["enabledComponents", name]) !== false;
}

/** Whether the pages offer to make tokens; administrators may even where others may not. */
export function useMayMakeTokens(): boolean {
  const { data: me } = useMe(true);
  const isOn = useSwitches();
  return me?.admin === true || isOn("enableUserApiTokens");
}

export function useChangeConfiguration() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => answer(api.PUT("/configurations/current", { body: change })),
    onSuccess: (version) => queries.setQueryData(CURRENT, version),
    // A refusal may mean that somebody was faster: show what is true now.
    onError: () => queries.invalidateQueries({ queryKey: CURRENT }),
    onSettled: () => void queries.invalidateQueries({ queryKey: HISTORY }),
  });
}

export function useConfigurationHistory() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: HISTORY,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/configurations/history", {
          params: { query: { limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}
