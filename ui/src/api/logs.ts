/** What a replica of a model said: its last lines first, earlier ones when asked for, new ones. */
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { answer, useApi } from "./client";
import { useAgainAndAgain } from "./useAgainAndAgain";

const PAGE = 500;
const MOST_SHOWN = 5_000;
const AGAIN_MS = 2_000;

interface Said {
  lines: string[];
  /** Goes back to what came before; empty where nothing did. */
  earlier: string;
}

export function useLog(id: string, replica: string, isFollowed: boolean) {
  const read = useRead(id, replica);
  const [said, setSaid] = useState<Said | null>(null);
  const cursor = useRef<string | null>(null);
  const error = useAgainAndAgain(async (signal) => {
    const isFirst = cursor.current === null;
    const query = isFirst ? { backward: true } : { cursor: cursor.current ?? "" };
    const page = await read(query, signal);
    if (signal.aborted) return 0;
    cursor.current = page.nextCursor || cursor.current || "";
    setSaid((known) => following(known, page.lines, page.earlierCursor));
    return page.lines.length < PAGE ? AGAIN_MS : 0;
  }, isFollowed);
  const earlier = useMutation({
    mutationFn: (before: string) => read({ backward: true, cursor: before }),
    onSuccess: ({ lines, earlierCursor }, before) =>
      setSaid((known) =>
        known?.earlier === before
          ? { lines: [...lines, ...known.lines], earlier: earlierCursor }
          : known,
      ),
  });
  return { said, error, earlier };
}

function useRead(id: string, replica: string) {
  const api = useApi();
  const path = { model_id: id, replica };
  return (query: { backward?: boolean; cursor?: string }, signal?: AbortSignal) =>
    answer(
      api.GET("/models/{model_id}/replicas/{replica}/logs", {
        params: { path, query: { limit: PAGE, ...query } },
        signal,
      }),
    );
}

/** Of what is dropped there is no way back, as nobody knows where it began. */
function following(known: Said | null, lines: string[], earlier: string): Said {
  if (!known) return { lines, earlier };
  if (lines.length === 0) return known;
  const all = [...known.lines, ...lines];
  return all.length > MOST_SHOWN
    ? { lines: all.slice(-MOST_SHOWN), earlier: "" }
    : { ...known, lines: all };
}
