/** A session's items as the chat reads them, and what its owner changes about them. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Api, answer, useApi } from "./client";
import type { components } from "./schema";
import { type Session, sessionKey } from "./sessions";

export type StoredItem = components["schemas"]["ItemOut"];

const PAGE = 200;

/** Reads items from the newest on, a page at a time, each page in the order it was said. */
export async function* newestItems(api: Api, sessionId: string, signal: AbortSignal) {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: components["schemas"]["ItemPage"] = await answer(
      api.GET("/sessions/{session_id}/items", {
        params: {
          path: { session_id: sessionId },
          query: { limit: PAGE, cursor, order: "desc" },
        },
        signal,
      }),
    );
    cursor = page.next_cursor || null;
    yield { items: [...page.items].reverse() as StoredItem[], isFirst: cursor === null };
  }
}

/** Takes items out of sight, of the model's too, or back into it. */
export async function markItems(api: Api, sessionId: string, ids: string[], removed: boolean) {
  for (const id of ids) {
    const at = { params: { path: { session_id: sessionId, item_id: id } } };
    if (removed) await answer(api.POST("/sessions/{session_id}/items/{item_id}/remove", at));
    else await answer(api.POST("/sessions/{session_id}/items/{item_id}/restore", at));
  }
}

async function configure(
  api: Api,
  session: Pick<Session, "id" | "version">,
  configuration: Session["configuration"],
): Promise<Session> {
  return answer(
    api.PATCH("/sessions/{session_id}", {
      params: { path: { session_id: session.id } },
      body: { configuration, version: session.version },
    }),
  );
}

const AGAIN_MS = 5_000;

/** A session whose changes elsewhere are noticed while somebody looks at it. */
export function useLiveSession(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: sessionKey(id),
    queryFn: ({ signal }) =>
      answer(api.GET("/sessions/{session_id}", { params: { path: { session_id: id } }, signal })),
    refetchInterval: AGAIN_MS,
  });
}

/** Keeps how a session's turns are asked for; shown at once, and taken back if it isn't kept. */
export function useConfigure(session: Session) {
  const api = useApi();
  const queries = useQueryClient();
  const key = sessionKey(session.id);
  return useMutation({
    scope: { id: `configure ${session.id}` },
    mutationFn: async (change: Session["configuration"]) => {
      const known = queries.getQueryData<Session>(key) ?? session;
      const configuration = { ...known.configuration, ...change };
      return configure(api, known, configuration);
    },
    onMutate: (change) => {
      queries.setQueryData<Session>(key, (known) =>
        known ? { ...known, configuration: { ...known.configuration, ...change } } : known,
      );
    },
    onSuccess: (kept) => queries.setQueryData(key, kept),
    onError: () => void queries.invalidateQueries({ queryKey: key }),
  });
}
