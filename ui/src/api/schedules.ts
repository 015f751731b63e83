/** When models run by themselves. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { answer, useApi } from "./client";
import type { Scheduling } from "./hostedTypes";
import { at, MODELS, useModelsAnew } from "./models";

const AGAIN_MS = 30_000;

export function useSchedules() {
  const api = useApi();
  return useQuery({
    queryKey: [MODELS, "schedules"],
    refetchInterval: AGAIN_MS,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/models/metadata/schedules", { signal }))).schedules,
  });
}

export function useSetSchedule(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: (body: Scheduling) =>
      answer(api.PUT("/models/{model_id}/schedule", { ...at(id), body })),
    onSuccess: useModelsAnew(),
  });
}

export function useRemoveSchedule(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/models/{model_id}/schedule", at(id))),
    onSuccess: useModelsAnew(),
  });
}
