/** From the JSON schema of an engine's options to the fields of a form, and back to values. */
import type { Engine, OptionSchema, Value } from "../../../api/hostedTypes";
import { Problem } from "../../../lib/problem";
import { hostingText as words } from "../../../lib/words/hosting";

export interface OptionField {
  name: string;
  hint: string;
  /** `mixed` takes a number or a word; what we have no field for is written as JSON. */
  input: "number" | "text" | "long" | "choice" | "yes or no" | "mixed" | "json";
  choices: string[];
  isWhole: boolean;
  min?: number;
  max?: number;
}

const LONG = 1_000;
const SIMPLE = new Set(["string", "integer", "number"]);

export function optionFields({ options }: Pick<Engine, "options">): OptionField[] {
  return Object.entries(options.properties ?? {}).map(([name, schema]) => fieldOf(name, schema));
}

function fieldOf(name: string, schema: OptionSchema): OptionField {
  const kinds = (schema.anyOf ?? [schema]).filter(({ type }) => type !== "null");
  const [kind = {}] = kinds;
  const input = kinds.length > 1 ? inputOfSeveral(kinds) : inputOf(kind);
  const limits = input === "number" ? { min: kind.minimum, max: kind.maximum } : {};
  return {
    name,
    hint: hintOf(schema.description ?? "", input, limits),
    input,
    choices: (kind.enum ?? []).map(String),
    isWhole: kind.type === "integer",
    ...limits,
  };
}

function inputOf(kind: OptionSchema): OptionField["input"] {
  if (kind.enum) return "choice";
  if (kind.type === "boolean") return "yes or no";
  if (kind.type === "integer" || kind.type === "number") return "number";
  if (kind.type === "string") return (kind.maxLength ?? 0) > LONG ? "long" : "text";
  return "json";
}

const inputOfSeveral = (kinds: OptionSchema[]) =>
  kinds.every(({ type }) => SIMPLE.has(type ?? "")) ? "mixed" : "json";

function hintOf(description: string, input: OptionField["input"], limits: Limits): string {
  const range = words.range(limits.min, limits.max);
  return [description, range, input === "json" ? words.asJson : ""].filter(Boolean).join(" ");
}

type Limits = Pick<OptionField, "min" | "max">;

/** What was typed, as the engine's options; an empty field leaves its option out. */
export function optionValues(fields: OptionField[], typed: Record<string, string>) {
  const given = fields.filter(({ name }) => typed[name]?.trim());
  return Object.fromEntries(
    given.map((field) => [field.name, readAs(field, typed[field.name] ?? "")]),
  );
}

function readAs({ name, input }: OptionField, typed: string): Value {
  const plain = typed.trim();
  if (input === "number") return Number(plain);
  if (input === "yes or no") return plain === "true";
  if (input === "mixed") return Number.isNaN(Number(plain)) ? plain : Number(plain);
  if (input === "json") return jsonOf(name, plain);
  return typed;
}

function jsonOf(name: string, typed: string): Value {
  try {
    return JSON.parse(typed);
  } catch {
    throw new Problem(0, words.notJson(name), words.notJsonNext);
  }
}

/** Options as they are kept, as texts of the form. */
export function typedOptions(options: Record<string, unknown>): Record<string, string> {
  const pairs = Object.entries(options).filter(([, value]) => value !== null);
  return Object.fromEntries(
    pairs.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
