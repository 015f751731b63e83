/** Models that LISA runs itself: what they can run on, how they are, what becomes of them. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { answer, useApi } from "./client";
import type { Engine, HostKind } from "./hostedTypes";
import { at, MODELS, type NewModel, useModelsAnew } from "./models";

const AGAIN_MS = 3_000;
const SELDOM_MS = 15_000;

/** The engines and hosts there are here, and the models that are known to go with them. */
export function useEngines(isNeeded = true) {
  const api = useApi();
  return useQuery({
    queryKey: ["engines"],
    enabled: isNeeded,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const { engines, hosts } = await answer(api.GET("/models/metadata/engines", { signal }));
      return { engines: engines as Engine[], hosts: hosts as HostKind[] };
    },
  });
}

/** The names of EC2's instance types; good to have, and not more. */
export function useInstanceTypes() {
  const api = useApi();
  return useQuery({
    queryKey: ["instance types"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => answer(api.GET("/models/metadata/instances", { signal })),
  });
}

export function useCatalogue() {
  const api = useApi();
  return useQuery({
    queryKey: ["catalogue"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/models/metadata/catalogue", { signal }))).models,
  });
}

/** The replicas there are, as their host has told last. */
export function useReplicas(id: string, isWatched: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: [MODELS, "replicas", id],
    refetchInterval: isWatched ? AGAIN_MS : SELDOM_MS,
    queryFn: ({ signal }) => answer(api.GET("/models/{model_id}/replicas", { ...at(id), signal })),
  });
}

/** What deleting a model would take away, beside its record. */
export function useThingsRemoved(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [MODELS, "removal", id],
    gcTime: 0,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/models/{model_id}/removal", { ...at(id), signal }))).things,
  });
}

/** Begins to make a model; `key` makes it one model however often it is sent. */
export function useHostModel() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ wanted, key }: { wanted: NewModel; key: string }) =>
      answer(
        api.POST("/models", {
          body: wanted,
          params: { header: { "Idempotency-Key": key } },
        }),
      ),
    onSuccess: useModelsAnew(),
  });
}
