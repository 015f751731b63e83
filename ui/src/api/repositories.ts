/** Repositories: where collections are kept, made and changed by those who keep them. */
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { answer, useApi } from "./client";
import { KNOWLEDGE, useKnowledgeAnew } from "./collections";
import type { components } from "./schema";

export type Repository = components["schemas"]["RepositoryOut"];
export type NewRepository = components["schemas"]["RepositoryCreate"];
export type RepositoryChange = components["schemas"]["RepositoryChange"];
export type StoreKind = components["schemas"]["StoreKind"];
export type Pipeline = components["schemas"]["PipelineOut"];
export type PipelineIn = components["schemas"]["PipelineIn"];
export type Run = components["schemas"]["RunOut"];

const PAGE = 50;
const AGAIN_MS = 3_000;
const at = (id: string) => ({ path: { repository_id: id } });

export const isInProgress = ({ status }: Repository) => status.endsWith("_IN_PROGRESS");
export const isUsable = ({ status }: Repository) =>
  status === "CREATE_COMPLETE" || status.startsWith("UPDATE_");

export function useRepositories() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [KNOWLEDGE, "repositories"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, cursor: pageParam };
      return answer(api.GET("/repositories", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.nextCursor || null,
    select: (data) => data.pages.flatMap((page) => page.repositories),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ repositories }) => repositories.some(isInProgress)) && AGAIN_MS,
  });
}

export function useRepository(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [KNOWLEDGE, "repository", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/repositories/{repository_id}", { params: at(id), signal })),
    refetchInterval: ({ state: { data, error } }) =>
      !error && data !== undefined && isInProgress(data) && AGAIN_MS,
  });
}

/** Its collections, as many as tell what would be removed with it. */
export function useCollectionsOf(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [KNOWLEDGE, "collections of", id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/repositories/{repository_id}/collections", {
          params: { ...at(id), query: { limit: 100 } },
          signal,
        }),
      ),
  });
}

export function useCreateRepository() {
  const api = useApi();
  return useMutation({
    mutationFn: (wanted: NewRepository) => answer(api.POST("/repositories", { body: wanted })),
    onSuccess: useKnowledgeAnew(),
  });
}

/** Against the version that was shown, so that two people don't undo each other. */
export function useChangeRepository({ repositoryId, version }: Repository) {
  const api = useApi();
  return useMutation({
    mutationFn: (change: RepositoryChange) =>
      answer(
        api.PUT("/repositories/{repository_id}", {
          params: at(repositoryId),
          body: { ...change, version },
        }),
      ),
    onSettled: useKnowledgeAnew(),
  });
}

export function useRemoveRepository(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/repositories/{repository_id}", { params: at(id) })),
    onSuccess: useKnowledgeAnew(),
  });
}

export function usePipelines(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [KNOWLEDGE, "pipelines", id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/repositories/{repository_id}/pipelines", { params: at(id), signal })))
        .pipelines,
    // A run that is under way has no end yet.
    refetchInterval: ({ state }) =>
      state.data?.some(({ last }) => last && !last.ended) ? AGAIN_MS : false,
  });
}

export function useRuns(id: string, pipelineId: string) {
  const api = useApi();
  return useQuery({
    queryKey: [KNOWLEDGE, "runs", id, pipelineId],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/repositories/{repository_id}/pipelines/{pipeline_id}/runs", {
            params: { path: { repository_id: id, pipeline_id: pipelineId }, query: { limit: 10 } },
            signal,
          }),
        )
      ).runs,
  });
}

export function useRunPipeline(id: string, pipelineId: string) {
  const api = useApi();
  return useMutation({
    mutationFn: () =>
      answer(
        api.POST("/repositories/{repository_id}/pipelines/{pipeline_id}/run", {
          params: { path: { repository_id: id, pipeline_id: pipelineId } },
        }),
      ),
    onSettled: useKnowledgeAnew(),
  });
}
