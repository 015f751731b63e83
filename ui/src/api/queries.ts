/** The cache of answers: what is tried again, and what a lost sign-in does. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "../lib/problem";

export const ME = ["me"] as const;
export const SIGN_IN = "sign-in";
export const LOST = ["sign-in lost"] as const;

const worthRetrying = (failures: number, error: Error) =>
  failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 500);

export function createQueries(retryDelay = 500): QueryClient {
  const onError = (error: Error) => {
    if (!(error instanceof Problem && error.status === 401)) return;
    loseSignIn(queries);
  };
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    // Our server is often this machine: "offline" says nothing about it.
    defaultOptions: {
      queries: { retry: worthRetrying, retryDelay, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
  return queries;
}

/** The way in is shown in place of the pages; what was written and not sent is kept. */
export function loseSignIn(queries: QueryClient): void {
  queries.setQueryData(LOST, true);
  queries.setQueryData(ME, null);
}

/** Whoever signs in next must not meet what the one before has read. */
export function forgetContent(queries: QueryClient): void {
  const kept: unknown[] = [ME[0], SIGN_IN, LOST[0]];
  queries.removeQueries({ predicate: (query) => !kept.includes(query.queryKey[0]) });
}
