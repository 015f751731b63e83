/** What was done to a model, told as it happens. */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type Api, answer, useApi } from "./client";
import type { ModelEvent } from "./hostedTypes";
import { MODELS } from "./models";
import { useAgainAndAgain } from "./useAgainAndAgain";

const PAGE = 100;
const LONGEST_WAIT_S = 20;
const BREATH_MS = 500;

/** Follows by long poll; null as long as nothing is known. Whatever happens, the model is read anew. */
export function useTimeline(id: string): { events: ModelEvent[] | null; error: unknown } {
  const api = useApi();
  const queries = useQueryClient();
  const [events, setEvents] = useState<ModelEvent[] | null>(null);
  const after = useRef<number | null>(null);
  const error = useAgainAndAgain(async (signal) => {
    const since = after.current;
    const page = await eventsOf(api, id, since, signal);
    if (signal.aborted) return 0;
    after.current = page.next;
    setEvents((known) => [...(known ?? []), ...page.events]);
    if (since !== null && page.events.length > 0)
      void queries.invalidateQueries({ queryKey: [MODELS] });
    return page.events.length < PAGE ? BREATH_MS : 0;
  }, true);
  return { events, error };
}

/** What is known already comes at once; only then is it waited for more. */
function eventsOf(api: Api, id: string, since: number | null, signal: AbortSignal) {
  const wait = since === null ? 0 : LONGEST_WAIT_S;
  const query = { after: since ?? 0, limit: PAGE, wait };
  const params = { path: { model_id: id }, query };
  return answer(api.GET("/models/{model_id}/events", { params, signal }));
}
