/** A failure as people read it: what happened and what to do next. */
import { text } from "./strings";

export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly nextStep = "",
    readonly requestId = "",
    readonly code = "",
  ) {
    super(message);
  }
}

/** Reads our error body; any other body becomes a plain sentence. */
export function problemFrom(status: number, body: unknown): Problem {
  const error = (body as { error?: Record<string, unknown> } | null | undefined)?.error;
  if (typeof error?.message !== "string")
    return new Problem(status, text.unreadable, text.unreadableNext);
  return new Problem(
    status,
    asSentence(error.message),
    asSentence(String(error.next_step ?? "")),
    String(error.request_id ?? ""),
    String(error.code ?? ""),
  );
}

/** What a program says, as people write it; a name at its beginning stays as it is. */
export function asSentence(said: string): string {
  const begun = said.trim().replace(/^[a-z](?=[a-z]*[ ,'’])/, (letter) => letter.toUpperCase());
  return begun === "" || /[.!?…:]$/.test(begun) ? begun : `${begun}.`;
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, text.unexpected, text.unexpectedNext);
}

export const sentence = (problem: Problem) => `${problem.message} ${problem.nextStep}`.trim();
