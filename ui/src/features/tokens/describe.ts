/** What a token is and may do, in words. */
import type { Limits, Token } from "../../api/tokens";
import { tokenText } from "../../lib/words/tokens";

export const MODEL = "model:";

export function stateOf(token: Token, now = Date.now()): "active" | "disabled" | "expired" {
  if (token.disabled) return "disabled";
  return token.expires && Date.parse(token.expires) <= now ? "expired" : "active";
}

export function scopesOf({ scopes }: Pick<Token, "scopes">, isOfAnother = false): string {
  if (scopes.length === 0) return isOfAnother ? tokenText.everythingOfOwner : tokenText.everything;
  const named = scopes.map((scope) =>
    scope.startsWith(MODEL)
      ? tokenText.model(scope.slice(MODEL.length))
      : (tokenText.planes[scope] ?? scope),
  );
  return named.join(", ");
}

export function limitsOf(limits: Limits): string {
  const { requests_per_minute, tokens_per_minute, budget_usd_per_month } = limits;
  const told: [number | null | undefined, (n: number) => string][] = [
    [requests_per_minute, tokenText.perMinute],
    [tokens_per_minute, tokenText.tokensPerMinute],
    [budget_usd_per_month, tokenText.perMonth],
  ];
  return told.flatMap(([n, words]) => (n == null ? [] : [words(n)])).join(", ");
}
