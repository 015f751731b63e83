/** What is known of a turn besides its words. */
import type { WireResponse } from "../api/responses";

export interface Facts {
  id: string;
  status: string;
  model: string;
  servedBy: string;
  inputTokens: number | null;
  outputTokens: number | null;
  firstTokenMs: number | null;
  totalMs: number | null;
  tokensPerSecond: number | null;
  cost: number | null;
  /** Why there is no answer, or not all of it. */
  code: string;
  message: string;
}

export function factsOf(response: WireResponse): Facts {
  const { id, status = "", model = "", usage, lisa, error } = response;
  return {
    id,
    status,
    model,
    servedBy: lisa?.served_by ?? "",
    inputTokens: number(usage?.input_tokens),
    outputTokens: number(usage?.output_tokens),
    firstTokenMs: number(lisa?.first_token_ms),
    totalMs: number(lisa?.total_ms),
    tokensPerSecond: number(lisa?.tokens_per_second),
    cost: number(lisa?.cost),
    code: error?.code ?? response.incomplete_details?.reason ?? "",
    message: error?.message ?? "",
  };
}

const number = (given: number | null | undefined) => given ?? null;

/** How much of a model's window the next turn begins with, or nothing where nobody knows. */
export function usedContext(facts: Facts | undefined): number | null {
  if (!facts || facts.inputTokens === null) return null;
  return facts.inputTokens + (facts.outputTokens ?? 0);
}
