/** Between what is typed about a model's arguments and what is sent of it. */
import type { Effort, ModelArgs } from "../../../chat/turnBody";

export const NUMBERS = [
  { name: "max_tokens", min: 1, max: undefined, step: 1 },
  { name: "temperature", min: 0, max: 2, step: "any" },
  { name: "top_p", min: 0, max: 1, step: "any" },
  { name: "frequency_penalty", min: -2, max: 2, step: "any" },
  { name: "presence_penalty", min: -2, max: 2, step: "any" },
  { name: "seed", min: undefined, max: undefined, step: 1 },
] as const;

type NumberName = (typeof NUMBERS)[number]["name"];
const MOST_STOPS = 4;

export type ArgumentFields = Record<NumberName, string> & {
  reasoning_effort: Effort | "";
  stop: string;
};

export function fieldsOf(given: ModelArgs): ArgumentFields {
  const numbers = NUMBERS.map(({ name }) => [name, String(given[name] ?? "")]);
  return {
    ...(Object.fromEntries(numbers) as Record<NumberName, string>),
    reasoning_effort: given.reasoning_effort ?? "",
    stop: (given.stop ?? []).join("\n"),
  };
}

export function readFields(fields: ArgumentFields): ModelArgs {
  const numbers = NUMBERS.filter(({ name }) => fields[name].trim() !== "").map(({ name }) => [
    name,
    Number(fields[name]),
  ]);
  const stop = fields.stop.split("\n").filter(Boolean).slice(0, MOST_STOPS);
  return {
    ...(Object.fromEntries(numbers) as ModelArgs),
    ...(fields.reasoning_effort ? { reasoning_effort: fields.reasoning_effort } : {}),
    ...(stop.length > 0 ? { stop } : {}),
  };
}
