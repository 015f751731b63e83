/** Sessions: list, search, read, create, rename, put into projects. */
import {
  type InfiniteData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";
import { joinPages } from "../lib/pages";
import { answer, useApi } from "./client";
import { useGone } from "./removal";
import type { components } from "./schema";

export type Session = components["schemas"]["SessionOut"];
type SessionPage = components["schemas"]["SessionPage"];
export type Hit = NonNullable<SessionPage["hits"]>[number];
type Pages = InfiniteData<SessionPage, string>;

const PAGE = 50;
/** Every list of sessions begins its key with this. */
export const LIST = ["sessions"] as const;
export const sessionKey = (id: string) => ["session", id] as const;

// Not below LIST: who asks for that after every answer shall not have all pages read again.
const HISTORY = "history";
/** All sessions, those of a project, or those in none. */
export type Within = "all" | "none" | (string & {});
const historyKey = (within: Within) => [HISTORY, within] as const;

export function useSessions(within: Within = "all", enabled = true) {
  const api = useApi();
  const gone = useGone();
  const project = within === "all" ? undefined : within;
  return useInfiniteQuery({
    queryKey: historyKey(within),
    enabled,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/sessions", {
          params: { query: { limit: PAGE, cursor: pageParam, project } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => joinPages(data.pages).filter(({ id }) => !gone.includes(id)),
    // Reading again means one request per page: not for someone who is far down.
    refetchOnWindowFocus: (query) => (query.state.data?.pages.length ?? 0) <= 2,
  });
}

/** Puts what is known of a session by now where it belongs, as its last change is the newest. */
export function placeSession(queries: QueryClient, session: Session): void {
  for (const [key, known] of queries.getQueriesData<Pages>({ queryKey: [HISTORY] })) {
    const [first, ...others] = (known?.pages ?? []).map((page) => without(session.id, page));
    if (!known || !first) continue;
    const belongs = [session.project_id ?? "none", "all"].includes(String(key[1]));
    const newest = belongs ? { ...first, items: [session, ...first.items] } : first;
    queries.setQueryData<Pages>(key, { ...known, pages: [newest, ...others] });
  }
}

const without = (id: string, page: SessionPage): SessionPage => ({
  ...page,
  items: page.items.filter((session) => session.id !== id),
});

/** Forgets a session that is no more. */
export function dropSession(queries: QueryClient, id: string): void {
  queries.setQueriesData<Pages>({ queryKey: [HISTORY] }, (known) =>
    known ? { ...known, pages: known.pages.map((page) => without(id, page)) } : known,
  );
  void queries.invalidateQueries({ queryKey: LIST });
}

export function readHistoryAgain(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: [HISTORY] });
}

const oneSession = (api: ReturnType<typeof useApi>, id: string) => ({
  queryKey: sessionKey(id),
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    answer(api.GET("/sessions/{session_id}", { params: { path: { session_id: id } }, signal })),
});

/** Keeps the lists as new as the session that is open. It asks the server for nothing. */
export function useOpenSessionInLists(id: string): void {
  const queries = useQueryClient();
  const { data } = useQuery({ ...oneSession(useApi(), id), enabled: false });
  useEffect(() => {
    if (data && isNews(queries, data)) placeSession(queries, data);
  }, [queries, data]);
}

/** Whether the lists don't know it yet; an old session that was merely opened stays where it is. */
function isNews(queries: QueryClient, session: Session): boolean {
  const lists = queries.getQueriesData<Pages>({ queryKey: [HISTORY] });
  const listed = lists.flatMap(([, known]) => known?.pages.flatMap((page) => page.items) ?? []);
  const same = listed.filter(({ id }) => id === session.id);
  if (same.length === 0) return listed.every(({ updated }) => updated < session.updated);
  return same.some(({ revision, version }) => {
    return revision < session.revision || version < session.version;
  });
}

const ROUNDS = 5;

export interface Found extends Hit {
  session: Session;
  id: string;
}

/** A search looks back only so far at once: a page may have nothing, and still go on. */
export function useSearch(words: string) {
  const api = useApi();
  const gone = useGone();
  const search = (cursor: string, signal: AbortSignal) =>
    answer(api.GET("/sessions", { params: { query: { q: words, limit: PAGE, cursor } }, signal }));
  return useInfiniteQuery({
    queryKey: [...LIST, "search", words],
    enabled: words !== "",
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      let page = await search(pageParam, signal);
      for (let round = 1; round < ROUNDS && !page.hits?.length && page.next_cursor; round++)
        page = await search(page.next_cursor, signal);
      return page;
    },
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => {
      const found = joinPages(data.pages.map(foundIn));
      return found.filter((one) => !gone.includes(one.session.id) && !isTwin(one, found, words));
    },
    refetchOnWindowFocus: false,
  });
}

function foundIn({ items, hits = [] }: SessionPage): { items: Found[] } {
  const sessions = new Map(items.map((session) => [session.id, session]));
  const found = hits.flatMap((hit) => {
    const session = sessions.get(hit.session_id);
    return session ? [{ ...hit, session, id: `${hit.session_id} ${hit.item_id ?? ""}` }] : [];
  });
  return { items: found };
}

/** What a session begins with is found as that, and once more as the message it is. */
function isTwin({ item_id, session }: Found, all: Found[], words: string): boolean {
  if (item_id) return false;
  const name = session.name.toLowerCase();
  if (
    words
      .toLowerCase()
      .split(/\s+/)
      .some((word) => name.includes(word))
  )
    return false;
  return all.some((other) => other.item_id && other.session.id === session.id);
}

export function useCreateSession() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (configuration: Session["configuration"] | undefined) =>
      answer(api.POST("/sessions", { body: configuration ? { configuration } : {} })),
    onSuccess: (session) => {
      queries.setQueryData(sessionKey(session.id), session);
      placeSession(queries, session);
      return queries.invalidateQueries({ queryKey: LIST, refetchType: "none" });
    },
  });
}

export function useRenameSession(session: Session) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      answer(
        api.PATCH("/sessions/{session_id}", {
          params: { path: { session_id: session.id } },
          body: { name, version: session.version },
        }),
      ),
    onSuccess: (renamed) => {
      queries.setQueryData(sessionKey(renamed.id), renamed);
      placeSession(queries, renamed);
    },
    // A refusal may mean that another tab was faster: show what is true now.
    onError: () => readHistoryAgain(queries),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: LIST });
      void queries.invalidateQueries({ queryKey: sessionKey(session.id) });
    },
  });
}
