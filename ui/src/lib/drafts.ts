/** What was written and not sent yet: it outlives a lost sign-in and a reload, not a sign-out. */
export interface Draft {
  id: string;
  said: string;
}

const PREFIX = "lisa.draft.";
const NOTHING: Draft = { id: "", said: "" };

export function keptDraft(sessionId: string): Draft {
  const kept = sessionStorage.getItem(PREFIX + sessionId);
  return kept ? (JSON.parse(kept) as Draft) : NOTHING;
}

export function keepDraft(sessionId: string, draft: Draft): void {
  if (draft.said) sessionStorage.setItem(PREFIX + sessionId, JSON.stringify(draft));
  else sessionStorage.removeItem(PREFIX + sessionId);
}

export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}
