/** What the steps of making a model have gathered, and which step the server's refusal is about. */
import type { Engine } from "../../../api/hostedTypes";
import type { NewModel } from "../../../api/models";
import { listed } from "../../../lib/listed";
import { Problem } from "../../../lib/problem";
import { type HostingFields, hostingOf } from "./hostingFields";
import type { OptionField } from "./options";

export interface Draft {
  id: string;
  type: NonNullable<NewModel["modelType"]>;
  description: string;
  groups: string;
  hosting: HostingFields;
}

export const STEPS = ["model", "engine", "hardware", "access", "review"] as const;
export type Step = (typeof STEPS)[number];

/** The type that was chosen, and an engine that serves it. */
export function withType(draft: Draft, type: Draft["type"], engines: Engine[]): Draft {
  const fitting = engines.filter(({ capabilities }) => capabilities.includes(type));
  const [first] = fitting;
  const isServed = !first || fitting.some(({ name }) => name === draft.hosting.engine);
  if (isServed) return { ...draft, type };
  return { ...draft, type, hosting: { ...draft.hosting, engine: first.name, options: {} } };
}

export function wantedOf(draft: Draft, options: OptionField[]): NewModel {
  return {
    modelId: draft.id.trim(),
    hostingType: "lisa_hosted",
    modelType: draft.type,
    modelDescription: draft.description.trim(),
    streaming: draft.type === "textgen",
    allowedGroups: listed(draft.groups),
    hosting: hostingOf(draft.hosting, options),
  };
}

// The first that fits counts.
const ABOUT: [step: Step, words: RegExp][] = [
  ["hardware", /hosting\.(scaling|gpus|instanceType|diskGb|sharedMemoryMb|idleSeconds|health)/i],
  ["hardware", /\b(GPUs?|replicas?|instance type|disk)\b/],
  ["engine", /hosting\.(engine|options|environment|image)/i],
  ["engine", /\b(options?|engine|variables?|image)\b/i],
  ["model", /modelId|modelType|hosting\.(weights|kind)|\bweights\b|revision|trust/i],
  ["access", /allowedGroups|\bgroups?\b/i],
];
const CODES: Record<string, Step> = {
  option_invalid: "engine",
  option_refused: "engine",
  option_unknown: "engine",
  bad_model_id: "model",
  model_exists: "model",
};

export function stepOf(error: unknown): Step {
  if (!(error instanceof Problem)) return "review";
  if (error.status === 409) return "model";
  const named = CODES[error.code];
  if (named) return named;
  if (error.status !== 400 && error.status !== 422) return "review";
  return ABOUT.find(([, words]) => words.test(error.message))?.[0] ?? "review";
}
