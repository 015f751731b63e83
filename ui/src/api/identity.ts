/** Who is signed in, and how that begins and ends. */
import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { forgetDrafts } from "../lib/drafts";
import { Problem } from "../lib/problem";
import { type Api, answer, useApi } from "./client";
import { forgetContent, LOST, loseSignIn, ME, SIGN_IN } from "./queries";
import type { components } from "./schema";

export type Me = components["schemas"]["Me"];

/** The caller, or null when nobody is signed in. */
export function useMe(enabled: boolean) {
  const api = useApi();
  const queries = useQueryClient();
  return useQuery<Me | null>({
    queryKey: ME,
    enabled,
    staleTime: 60_000,
    // Whoever comes back to this tab may have signed in in another one.
    refetchOnWindowFocus: ({ state }) => (state.data === null ? "always" : true),
    queryFn: async ({ signal }) => {
      if (!queries.getQueryData(ME)) await api.signIn?.adopt();
      try {
        return await answer(api.GET("/me", { signal }));
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
  });
}

/** Whether a sign-in ended without anybody's asking. */
export function useSignInLost(): boolean {
  return useQuery({ queryKey: LOST, queryFn: skipToken, initialData: false }).data ?? false;
}

/** Ends what this tab shows as soon as another tab signs out. */
export function useSharedSignOut(): void {
  const api = useApi();
  const queries = useQueryClient();
  useEffect(() => {
    const { signIn } = api;
    if (!signIn) return;
    signIn.onGone = () => loseSignIn(queries);
    return () => {
      signIn.onGone = () => {};
    };
  }, [api, queries]);
}

/** Whether a call beside the cache was refused because nobody is signed in: then the pages end. */
export function useEndedBy(failure: unknown): boolean {
  const queries = useQueryClient();
  const isEnded = failure instanceof Problem && failure.status === 401;
  useEffect(() => {
    if (isEnded) loseSignIn(queries);
  }, [isEnded, queries]);
  return isEnded;
}

/** Spends a one-time code, once per code however often a page asks; data is the refusal, if any. */
export function useSignIn(code: string) {
  return useArrival(code, async (api) => {
    await answer(api.POST("/sign-in", { body: { code } }));
    api.signIn?.forget();
  });
}

/** Takes what the issuer answered, once; then the address is that of the page that was wanted. */
export function useIssuersAnswer(address: string) {
  return useArrival(address, async (api) => {
    const page = await api.signIn?.finish(address);
    if (page) window.history.replaceState(null, "", page);
  });
}

function useArrival(proof: string, arrive: (api: Api) => Promise<void>) {
  const api = useApi();
  const queries = useQueryClient();
  return useQuery({
    queryKey: [SIGN_IN, proof],
    enabled: proof !== "",
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<Problem | null> => {
      try {
        await arrive(api);
      } catch (error) {
        if (error instanceof Problem && error.status >= 400 && error.status < 500) return error;
        throw error;
      }
      forgetContent(queries);
      queries.setQueryData(LOST, false);
      await queries.resetQueries({ queryKey: ME });
      return null;
    },
  });
}

/** Leaves for the issuer's page, and comes back to this one. */
export function useBeginSignIn() {
  const api = useApi();
  return useMutation({
    mutationFn: async () => {
      const { pathname, search, hash } = window.location;
      await api.signIn?.begin(pathname + search + hash);
    },
  });
}

/** Whether an issuer's sign-in counts here, and not the one-time link's. */
export const useIsIssuers = () => useApi().signIn?.isActive ?? false;

export function useSignOut() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      await endCookie(api);
      if (api.signIn?.isActive) await api.signIn.end();
    },
    onSuccess: () => {
      forgetDrafts();
      queries.setQueryData(LOST, false);
      queries.setQueryData(ME, null);
      forgetContent(queries);
    },
  });
}

const NO_COOKIE = new Set([401, 404]);

async function endCookie(api: Api): Promise<void> {
  try {
    await answer(api.POST("/sign-out"));
  } catch (error) {
    // It had ended already, or this installation has none.
    if (!(error instanceof Problem && NO_COOKIE.has(error.status))) throw error;
  }
}
