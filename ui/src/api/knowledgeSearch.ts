/** Questions to collections. */
import { useMutation } from "@tanstack/react-query";
import { answer, useApi } from "./client";
import type { components } from "./schema";

export type Question = components["schemas"]["SearchIn"];
export type Found = components["schemas"]["SearchOut"];
export type Hit = Found["hits"][number];
export type Mode = components["schemas"]["Mode"];

export function useSearchKnowledge() {
  const api = useApi();
  return useMutation({
    mutationFn: (question: Question): Promise<Found> =>
      answer(api.POST("/search", { body: question })),
  });
}
