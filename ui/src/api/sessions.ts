/** Sessions: list, read, create, rename, delete. */
import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { joinPages } from "../lib/pages";
import { answer, useApi } from "./client";
import type { components } from "./schema";

export type Session = components["schemas"]["SessionOut"];
type SessionPage = components["schemas"]["SessionPage"];

const PAGE = 30;
export const LIST = ["sessions"] as const;
export const sessionKey = (id: string) => ["session", id] as const;

export function useSessions() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: LIST,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/sessions", { params: { query: { limit: PAGE, cursor: pageParam } }, signal }),
      ),
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => joinPages(data.pages),
  });
}

export function useSession(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: sessionKey(id),
    queryFn: ({ signal }) =>
      answer(api.GET("/sessions/{session_id}", { params: { path: { session_id: id } }, signal })),
  });
}

export function useCreateSession() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.POST("/sessions", { body: {} })),
    onSuccess: (session) => {
      queries.setQueryData(sessionKey(session.id), session);
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
    onSuccess: (renamed) => queries.setQueryData(sessionKey(renamed.id), renamed),
    // A refusal may mean that another tab was faster: show what is true now.
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: LIST });
      void queries.invalidateQueries({ queryKey: sessionKey(session.id) });
    },
  });
}

export function useDeleteSession(session: Session) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answer(
        api.DELETE("/sessions/{session_id}", { params: { path: { session_id: session.id } } }),
      ),
    onSuccess: () => {
      queries.setQueryData<InfiniteData<SessionPage>>(LIST, (list) => without(session.id, list));
      void queries.invalidateQueries({ queryKey: LIST });
    },
  });
}

function without(id: string, list: InfiniteData<SessionPage> | undefined) {
  if (!list) return list;
  const pages = list.pages.map((page) => ({
    ...page,
    items: page.items.filter((session) => session.id !== id),
  }));
  return { ...list, pages };
}
