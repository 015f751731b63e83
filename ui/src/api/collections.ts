/** Collections of documents: those somebody may use, made, changed, removed. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { readFull } from "../lib/pages";
import { answer, useApi } from "./client";
import type { components } from "./schema";

export type Collection = components["schemas"]["CollectionOut"];
export type NewCollection = components["schemas"]["CollectionCreate"];
export type CollectionChange = components["schemas"]["CollectionChange"];
export type Chunking = components["schemas"]["Chunking"];
export type Strategy = components["schemas"]["Strategy"];
export type Known = Record<string, string | number | boolean>;

/** Where a collection is. */
export interface Place {
  repositoryId: string;
  collectionId: string;
}

export const KNOWLEDGE = "knowledge";
const PAGE = 50;

export const placed = ({ repositoryId, collectionId }: Place) => ({
  repository_id: repositoryId,
  collection_id: collectionId,
});

/** Those whose name or description has these words; a page that comes is never short. */
export function useCollections(query = "") {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [KNOWLEDGE, "collections", query],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      readFull(
        async (cursor) => {
          const page = await answer(
            api.GET("/collections", { params: { query: { query, limit: PAGE, cursor } }, signal }),
          );
          return { items: page.collections, next_cursor: page.nextCursor };
        },
        pageParam,
        PAGE,
      ),
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}

export function useCollection(place: Place) {
  const api = useApi();
  return useQuery({
    queryKey: [KNOWLEDGE, "collection", place.repositoryId, place.collectionId],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/repositories/{repository_id}/collections/{collection_id}", {
          params: { path: placed(place) },
          signal,
        }),
      ),
  });
}

/** How much can be found in a collection. */
export function useContents(place: Place) {
  const api = useApi();
  return useQuery({
    queryKey: [KNOWLEDGE, "contents", place.repositoryId, place.collectionId],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/repositories/{repository_id}/collections/{collection_id}/contents", {
          params: { path: placed(place) },
          signal,
        }),
      ),
  });
}

/** Whatever is known of knowledge is asked for anew. */
export function useKnowledgeAnew() {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: [KNOWLEDGE] });
}

export function useCreateCollection() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ repositoryId, wanted }: { repositoryId: string; wanted: NewCollection }) =>
      answer(
        api.POST("/repositories/{repository_id}/collections", {
          params: { path: { repository_id: repositoryId } },
          body: wanted,
        }),
      ),
    onSuccess: useKnowledgeAnew(),
  });
}

/** Against the version that was shown, so that two people don't undo each other. */
export function useChangeCollection({ repositoryId, collectionId, version }: Collection) {
  const api = useApi();
  return useMutation({
    mutationFn: (change: CollectionChange) =>
      answer(
        api.PUT("/repositories/{repository_id}/collections/{collection_id}", {
          params: { path: placed({ repositoryId, collectionId }) },
          body: { ...change, version },
        }),
      ),
    onSettled: useKnowledgeAnew(),
  });
}

export function useRemoveCollection(place: Place) {
  const api = useApi();
  return useMutation({
    mutationFn: () =>
      answer(
        api.DELETE("/repositories/{repository_id}/collections/{collection_id}", {
          params: { path: placed(place) },
        }),
      ),
    onSuccess: useKnowledgeAnew(),
  });
}
