/** What a replica of a model said, from the oldest that is kept on. */
import { useRef, useState } from "react";
import { answer, useApi } from "./client";
import { useAgainAndAgain } from "./useAgainAndAgain";

const PAGE = 500;
const MOST_SHOWN = 5_000;
const AGAIN_MS = 2_000;

export function useLog(id: string, replica: string, isFollowed: boolean) {
  const api = useApi();
  const [lines, setLines] = useState<string[] | null>(null);
  const cursor = useRef("");
  const path = { model_id: id, replica };
  const error = useAgainAndAgain(async (signal) => {
    const query = { limit: PAGE, cursor: cursor.current };
    const page = await answer(
      api.GET("/models/{model_id}/replicas/{replica}/logs", { params: { path, query }, signal }),
    );
    if (signal.aborted) return 0;
    cursor.current = page.nextCursor || cursor.current;
    setLines((known) => [...(known ?? []), ...page.lines].slice(-MOST_SHOWN));
    return page.lines.length < PAGE ? AGAIN_MS : 0;
  }, isFollowed);
  return { lines, error };
}
