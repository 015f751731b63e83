/** Which stores LISA can make here, and what may be chosen of each. */
import { useQuery } from "@tanstack/react-query";
import { Problem } from "../lib/problem";
import { answer, useApi } from "./client";
import { KNOWLEDGE } from "./collections";
import type { components } from "./schema";

export type OfferedKind = components["schemas"]["StoreKindOut"];
export type StoreOption = components["schemas"]["StoreOptionOut"];
export type OptionValue = StoreOption["default"];

/** Nothing where the deployment makes none, or its server is too old to say. */
export function useMadeKinds() {
  const api = useApi();
  return useQuery({
    queryKey: [KNOWLEDGE, "store kinds"],
    queryFn: async ({ signal }) => {
      try {
        const { kinds } = await answer(api.GET("/repositories/store-kinds", { signal }));
        return kinds.filter(({ made }) => made);
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return [];
        throw error;
      }
    },
  });
}
