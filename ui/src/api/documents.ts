/** Documents of a collection: listed, followed, read, tried again, removed. */
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { readFull } from "../lib/pages";
import { answer, useApi } from "./client";
import { KNOWLEDGE, type Place, placed, useKnowledgeAnew } from "./collections";
import type { components } from "./schema";

export type RagDocument = components["schemas"]["DocumentOut"];
export type DocumentStatus = components["schemas"]["DocumentStatus"];
export type Passage = components["schemas"]["PassageOut"];

const AT = "/repositories/{repository_id}/collections/{collection_id}/documents";
const ONE = `${AT}/{document_id}` as const;
const PAGE = 50;
const AGAIN_MS = 1_500;
const UNDER_WAY: DocumentStatus[] = [
  "INGESTION_PENDING",
  "INGESTION_IN_PROGRESS",
  "DELETE_PENDING",
  "DELETE_IN_PROGRESS",
];

export const isUnderWay = ({ status }: RagDocument) => UNDER_WAY.includes(status);
export const isReady = ({ status }: RagDocument) => status === "INGESTION_COMPLETED";
export const hasFailed = ({ status }: RagDocument) => status.endsWith("_FAILED");

/** From 0 to 1; nothing where it isn't known yet. */
export const readPart = (document: RagDocument | undefined) =>
  document?.expected ? Math.min(1, document.passages / document.expected) : null;

export interface Sought {
  name: string;
  status: DocumentStatus | "";
}

/** Newest first; asked for again while something is under way. */
export function useDocuments(place: Place, { name, status }: Sought) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [KNOWLEDGE, "documents", place.repositoryId, place.collectionId, name, status],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      readFull(
        async (cursor) => {
          const query = { name, ...(status && { status }), limit: PAGE, cursor };
          const params = { path: placed(place), query };
          const page = await answer(api.GET(AT, { params, signal }));
          return { items: page.documents, next_cursor: page.nextCursor };
        },
        pageParam,
        PAGE,
      ),
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => data.pages.flatMap((page) => page.items),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isUnderWay)) && AGAIN_MS,
  });
}

/** One document whose way is followed to its end. */
export function useDocument(place: Place, documentId: string) {
  const api = useApi();
  return useQuery({
    queryKey: [KNOWLEDGE, "document", place.repositoryId, place.collectionId, documentId],
    enabled: documentId !== "",
    queryFn: ({ signal }) =>
      answer(
        api.GET(ONE, { params: { path: { ...placed(place), document_id: documentId } }, signal }),
      ),
    refetchInterval: ({ state: { data, error } }) =>
      !error && data !== undefined && isUnderWay(data) && AGAIN_MS,
  });
}

export function useRemoveDocuments(place: Place) {
  const api = useApi();
  return useMutation({
    mutationFn: (documentIds: string[]) =>
      answer(api.POST(`${AT}/removal`, { params: { path: placed(place) }, body: { documentIds } })),
    onSettled: useKnowledgeAnew(),
  });
}

/** Tries some again, or all that have failed. */
export function useRetryDocuments(place: Place) {
  const api = useApi();
  return useMutation({
    mutationFn: (documentIds: string[] | null) =>
      answer(api.POST(`${AT}/retry`, { params: { path: placed(place) }, body: { documentIds } })),
    onSettled: useKnowledgeAnew(),
  });
}

/** Where a document's file can be had for a while. */
export function useDocumentLink(place: Place) {
  const api = useApi();
  return useMutation({
    mutationFn: (documentId: string) =>
      answer(
        api.GET(`${ONE}/content`, {
          params: { path: { ...placed(place), document_id: documentId } },
        }),
      ),
  });
}

const BEFORE = 2;
const AROUND = 10;

/** Passages around one, with those before and after them as far as they are wanted. */
export function usePassages(place: Place, documentId: string, at: number) {
  const api = useApi();
  const first = Math.max(0, at - BEFORE);
  return useInfiniteQuery({
    queryKey: [KNOWLEDGE, "passages", place.repositoryId, place.collectionId, documentId, first],
    initialPageParam: { first, limit: AROUND },
    queryFn: async ({ pageParam, signal }) => {
      const path = { ...placed(place), document_id: documentId };
      const params = { path, query: pageParam };
      return (await answer(api.GET(`${ONE}/passages`, { params, signal }))).passages;
    },
    getNextPageParam: (page, _, asked) =>
      page.length < asked.limit ? null : { first: asked.first + asked.limit, limit: AROUND },
    getPreviousPageParam: (_, __, asked) =>
      asked.first === 0
        ? null
        : { first: Math.max(0, asked.first - AROUND), limit: Math.min(AROUND, asked.first) },
    select: (data) => data.pages.flat(),
  });
}

const A_LOT = 100;

/** The ordinal of the passage that holds a character of the document; the first where none does. */
export function usePassageAt(place: Place, documentId: string, start: number | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: [KNOWLEDGE, "passage at", place.repositoryId, place.collectionId, documentId, start],
    enabled: start !== undefined,
    queryFn: async ({ signal }) => {
      const path = { ...placed(place), document_id: documentId };
      for (let first = 0; ; first += A_LOT) {
        const params = { path, query: { first, limit: A_LOT } };
        const { passages } = await answer(api.GET(`${ONE}/passages`, { params, signal }));
        const found = passages.find((passage) => passage.end > (start ?? 0));
        if (found || passages.length < A_LOT) return found?.ordinal ?? 0;
      }
    },
  });
}
