/** A session's items: read from either end, and append. */
import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { joinPages } from "../lib/pages";
import { answer, useApi } from "./client";
import type { components } from "./schema";
import { LIST, sessionKey } from "./sessions";

export type Item = components["schemas"]["ItemOut"];
export type End = "newest" | "start";
type ItemPage = components["schemas"]["ItemPage"];

const PAGE = 50;
const itemsKey = (sessionId: string, from: End) => ["items", sessionId, from] as const;

/** Items in the order they were said, read page by page from one end. */
export function useItems(sessionId: string, from: End) {
  const api = useApi();
  const order = from === "newest" ? "desc" : "asc";
  return useInfiniteQuery({
    queryKey: itemsKey(sessionId, from),
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/sessions/{session_id}/items", {
          params: {
            path: { session_id: sessionId },
            query: { limit: PAGE, cursor: pageParam, order },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => joinPages(data.pages).sort((a, b) => a.sequence - b.sequence),
    // Reading again means one request per page: not for someone who is far up a long session.
    refetchOnWindowFocus: (query) => (query.state.data?.pages.length ?? 0) <= 3,
  });
}

/** Appends what the user said. The same id twice is one message, so trying again is safe. */
export function useAppendMessage(sessionId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, said }: { id: string; said: string }) =>
      answer(
        api.POST("/sessions/{session_id}/items", {
          params: { path: { session_id: sessionId } },
          body: {
            items: [
              { id, type: "message", role: "user", parts: [{ type: "input_text", text: said }] },
            ],
          },
        }),
      ),
    onSuccess: ({ items }) => {
      queries.setQueryData<InfiniteData<ItemPage>>(itemsKey(sessionId, "newest"), (known) =>
        withNewest(items, known),
      );
      void queries.invalidateQueries({ queryKey: sessionKey(sessionId) });
      void queries.invalidateQueries({ queryKey: LIST });
    },
  });
}

function withNewest(items: Item[], known: InfiniteData<ItemPage> | undefined) {
  const [newest, ...earlier] = known?.pages ?? [];
  if (!known || !newest) return known;
  return { ...known, pages: [{ ...newest, items: [...items, ...newest.items] }, ...earlier] };
}
