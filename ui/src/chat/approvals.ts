/** Answers to questions about tools. They go back together: one turn asks, one turn is told. */
import type { WireItem } from "../api/responses";
import { freshId } from "../lib/freshId";
import { type Message, openQuestions } from "./messages";
import type { Decision } from "./state";

const NARROWEST_FIRST = ["once", "session", "always"] as const;

export interface Answers {
  input: WireItem[];
  approval: "once" | "session" | "always";
}

/** The answers, once none is missing. What was allowed in several ways holds in the narrowest. */
export function answersOf(
  message: Message,
  decisions: Readonly<Record<string, Decision>>,
): Answers | null {
  const asked = message.parts.filter(({ id }) => decisions[id]);
  if (asked.length === 0 || openQuestions(message.parts).some((id) => !decisions[id])) return null;
  const given = asked.map(({ id }) => decisions[id]);
  return {
    input: asked.map(({ id }) => ({
      id: freshId("apr_"),
      type: "mcp_approval_response",
      approval_request_id: id,
      approve: decisions[id] !== "deny",
    })),
    approval: NARROWEST_FIRST.find((way) => given.includes(way)) ?? "once",
  };
}
