/** Models: listed, tried, made, changed, removed. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { isOnItsWay } from "../lib/modelStatus";
import { answer, useApi } from "./client";
import type { components } from "./schema";

export type Model = components["schemas"]["ModelOut"];
export type ModelType = components["schemas"]["ModelType"];
export type NewModel = components["schemas"]["ModelCreate"];
export type ModelChange = Omit<components["schemas"]["ModelUpdate"], "version">;
export type Tried = components["schemas"]["Tried"];

const PAGE = 50;
const AGAIN_MS = 3_000;
const SELDOM_MS = 30_000;
export const MODELS = "models";
const modelKey = (id: string) => [MODELS, "one", id] as const;

export function useModels() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [MODELS, "list"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET("/models", { params: { query: { limit: PAGE, cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.nextCursor || null,
    select: (data) => data.pages.flatMap((page) => page.models),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ models }) => models.some(isOnItsWay)) && AGAIN_MS,
  });
}

/** All of them, page by page: for those who choose one. */
export function useAllModels() {
  const models = useModels();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = models;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return models;
}

export function useModel(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: modelKey(id),
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/models/{model_id}", { ...at(id), signal }))).model,
    // While somebody fills in the form nothing changes below their hands.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** A model whose way is followed: often while it is under way, and not at all once it is gone. */
export function useLiveModel(id: string, isAsked = true, atRestMs = SELDOM_MS) {
  const api = useApi();
  return useQuery({
    queryKey: [MODELS, "live", id],
    enabled: isAsked,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/models/{model_id}", { ...at(id), signal }))).model,
    refetchInterval: ({ state: { data, error } }) => {
      if (error) return false;
      return data && isOnItsWay(data) ? AGAIN_MS : atRestMs;
    },
  });
}

/** Calls every upstream, really: of a model as it is described, or of one there is by its id. */
export function useTestModel() {
  const api = useApi();
  return useMutation({
    mutationFn: (wanted: NewModel) => answer(api.POST("/models/test", { body: wanted })),
  });
}

export function useCreateModel() {
  const api = useApi();
  return useMutation({
    mutationFn: (wanted: NewModel) => answer(api.POST("/models", { body: wanted })),
    onSuccess: useModelsAnew(),
  });
}

/** Against the version that was shown, so that two administrators don't undo each other. */
export function useChangeModel(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: ({ change, version }: { change: ModelChange; version: number }) =>
      answer(api.PUT("/models/{model_id}", { ...at(id), body: { ...change, version } })),
    onSettled: useModelsAnew(),
  });
}

export function useRemoveModel(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/models/{model_id}", at(id))),
    onSuccess: useModelsAnew(),
  });
}

/** Whatever is known of models is asked for anew. */
export function useModelsAnew() {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: [MODELS] });
}

export const at = (id: string) => ({ params: { path: { model_id: id } } });
