/** Who is signed in, and how that begins and ends. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Problem } from "../lib/problem";
import { answer, useApi } from "./client";
import { forgetContent, ME, SIGN_IN } from "./queries";
import type { components } from "./schema";

export type Me = components["schemas"]["Me"];

/** The caller, or null when nobody is signed in. */
export function useMe(enabled: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ME,
    enabled,
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<Me | null> => {
      try {
        return await answer(api.GET("/me", { signal }));
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
  });
}

/** Spends a one-time code, once per code however often a page asks; data is the refusal, if any. */
export function useSignIn(code: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useQuery({
    queryKey: [SIGN_IN, code],
    enabled: code !== "",
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<Problem | null> => {
      try {
        await answer(api.POST("/sign-in", { body: { code } }));
      } catch (error) {
        if (error instanceof Problem && error.status >= 400 && error.status < 500) return error;
        throw error;
      }
      forgetContent(queries);
      await queries.resetQueries({ queryKey: ME });
      return null;
    },
  });
}

export function useSignOut() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.POST("/sign-out")),
    onSuccess: () => {
      queries.setQueryData(ME, null);
      forgetContent(queries);
    },
  });
}
