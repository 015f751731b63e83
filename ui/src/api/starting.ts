/** How long a model took to start when it did so last; only administrators are told. */
import { useQuery } from "@tanstack/react-query";
import { answer, useApi } from "./client";
import type { ModelEvent } from "./hostedTypes";
import { useMe } from "./identity";
import { at, MODELS } from "./models";

const MOST = 1_000;
const STARTS = new Set(["create_model", "start_model"]);

/** In seconds; null where nobody knows, undefined as long as it is looked up. */
export function useStartSeconds(id: string, isAsked: boolean): number | null | undefined {
  const api = useApi();
  const { data: me } = useMe(true);
  const { data, isError } = useQuery({
    queryKey: [MODELS, "starts", id],
    enabled: isAsked && (me?.admin ?? false),
    queryFn: async ({ signal }) => {
      const params = { ...at(id).params, query: { limit: MOST } };
      const page = await answer(api.GET("/models/{model_id}/events", { params, signal }));
      return lastStart(page.events) ?? null;
    },
  });
  return isError || me?.admin === false ? null : data;
}

function lastStart(events: ModelEvent[]): number | undefined {
  const ready = events.findLast(
    ({ workflow, status }) => STARTS.has(workflow) && status === "InService",
  );
  const begun = events.find(({ run }) => run === ready?.run);
  return ready && begun && (Date.parse(ready.at) - Date.parse(begun.at)) / 1_000;
}
