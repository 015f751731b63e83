/** API tokens: listed, made, changed, rotated, revoked. */
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { joinPages } from "../lib/pages";
import { answer, useApi } from "./client";
import type { components } from "./schema";

export type Token = components["schemas"]["TokenOut"];
export type Issued = components["schemas"]["TokenIssued"];
export type NewToken = components["schemas"]["TokenCreate"];
export type Limits = components["schemas"]["Limits"];
type Change = components["schemas"]["TokenChange"];

const PAGE = 50;
const TOKENS = "tokens";

/** Tokens of one owner, newest first; without an owner, administrators get everybody's. */
export function useTokens(owner: string) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [TOKENS, owner],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { owner, limit: PAGE, cursor: pageParam };
      return answer(api.GET("/tokens", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => joinPages(data.pages),
  });
}

function useAnew() {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: [TOKENS] });
}

export function useCreateToken() {
  const api = useApi();
  return useMutation({
    mutationFn: (wanted: NewToken) => answer(api.POST("/tokens", { body: wanted })),
    onSuccess: useAnew(),
  });
}

export function useChangeToken(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: (change: Change) =>
      answer(api.PATCH("/tokens/{token_id}", { ...at(id), body: change })),
    onSettled: useAnew(),
  });
}

export function useRotateToken(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: (overlap: number) =>
      answer(
        api.POST("/tokens/{token_id}/rotate", { ...at(id), body: { overlap_seconds: overlap } }),
      ),
    onSuccess: useAnew(),
  });
}

export function useRevokeToken(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/tokens/{token_id}", at(id))),
    onSuccess: useAnew(),
  });
}

const at = (id: string) => ({ params: { path: { token_id: id } } });
