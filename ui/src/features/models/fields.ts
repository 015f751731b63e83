/** Between the form's fields, which are texts, and a model as it is sent. */
import type { Model, ModelChange, ModelType, NewModel } from "../../api/models";
import { listed } from "../../lib/listed";
import { modelText } from "../../lib/words/models";

export type KeyKind = "none" | "typed" | "reference";

export interface UpstreamFields {
  /** Tells rows of the form apart. */
  row: number;
  id: string;
  kind: "openai" | "litellm";
  url: string;
  target: string;
  keyKind: KeyKind;
  apiKey: string;
  reference: string;
  weight: string;
  concurrent: string;
}

export const LIMITS = [
  "requestsPerMinute",
  "tokensPerMinute",
  "concurrentRequests",
  "tokensPerDay",
  "tokensPerMonth",
  "budgetUsdPerDay",
  "budgetUsdPerMonth",
] as const;
export const PRICES = ["prompt", "completion", "cachedPrompt", "image"] as const;
export const TIMEOUTS = ["connect", "firstByte", "idle", "total"] as const;

type Texts<Name extends string> = Record<Name, string>;

export interface Fields {
  id: string;
  type: ModelType;
  description: string;
  groups: string;
  streaming: boolean;
  upstreams: UpstreamFields[];
  prices: Texts<(typeof PRICES)[number]>;
  limits: Texts<(typeof LIMITS)[number]>;
  timeouts: Texts<(typeof TIMEOUTS)[number]>;
  contextWindow: string;
  maxTokens: string;
  fallbacks: string;
  cacheSeconds: string;
}

const USUAL = { weight: 1, concurrent: 256 };

export function newUpstream(beside: UpstreamFields[]): UpstreamFields {
  const row = Math.max(0, ...beside.map((one) => one.row)) + 1;
  return {
    row,
    id: row === 1 ? "main" : `upstream-${row}`,
    kind: "openai",
    url: "",
    target: "",
    keyKind: "none",
    apiKey: "",
    reference: "",
    weight: String(USUAL.weight),
    concurrent: String(USUAL.concurrent),
  };
}

export function emptyFields(): Fields {
  return {
    id: "",
    type: "textgen",
    description: "",
    groups: "",
    streaming: true,
    upstreams: [newUpstream([])],
    prices: texts(PRICES, {}),
    limits: texts(LIMITS, {}),
    timeouts: texts(TIMEOUTS, {}),
    contextWindow: "",
    maxTokens: "",
    fallbacks: "",
    cacheSeconds: "",
  };
}

export function fieldsOf(model: Model): Fields {
  return {
    id: model.modelId,
    type: model.modelType,
    description: model.modelDescription,
    groups: model.allowedGroups.join(", "),
    streaming: model.streaming,
    upstreams: model.upstreams.map(upstreamFields),
    prices: texts(PRICES, model.prices ?? {}),
    limits: texts(LIMITS, model.limits),
    timeouts: texts(TIMEOUTS, model.timeouts),
    contextWindow: typed(model.contextWindow),
    maxTokens: typed(model.maxTokens),
    fallbacks: model.fallbacks.join(", "),
    cacheSeconds: model.cacheSeconds ? String(model.cacheSeconds) : "",
  };
}

function upstreamFields({ key, ...known }: Model["upstreams"][number], at: number) {
  const fields: UpstreamFields = { ...newUpstream([]), row: at + 1 };
  const { kind = fields.kind, weight = USUAL.weight, concurrent = USUAL.concurrent } = known;
  fields.keyKind = key ? "reference" : "none";
  return {
    ...fields,
    ...known,
    kind,
    reference: key ?? "",
    weight: String(weight),
    concurrent: String(concurrent),
  };
}

export function wanted(fields: Fields): NewModel {
  return { modelId: fields.id.trim(), ...described(fields) };
}

/** Only what was changed: what others change meanwhile stays theirs. */
export function changesOf(model: Model, fields: Fields): ModelChange {
  const before = described(fieldsOf(model));
  const after = Object.entries(described(fields));
  return Object.fromEntries(
    after.filter(([name, value]) => {
      return JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]);
    }),
  );
}

function described(fields: Fields) {
  return {
    modelType: fields.type,
    modelDescription: fields.description.trim(),
    allowedGroups: listed(fields.groups),
    streaming: fields.streaming && fields.type === "textgen",
    upstreams: fields.upstreams.map(upstream),
    prices: prices(fields.prices),
    limits: numbers(fields.limits),
    timeouts: given(numbers(fields.timeouts)),
    contextWindow: number(fields.contextWindow),
    maxTokens: number(fields.maxTokens),
    fallbacks: listed(fields.fallbacks),
    cacheSeconds: number(fields.cacheSeconds) ?? 0,
  };
}

function upstream(fields: UpstreamFields) {
  return {
    id: fields.id.trim(),
    kind: fields.kind,
    url: fields.url.trim(),
    target: fields.target.trim(),
    ...keyOf(fields),
    weight: number(fields.weight) ?? USUAL.weight,
    concurrent: number(fields.concurrent) ?? USUAL.concurrent,
  };
}

function keyOf({ keyKind, apiKey, reference }: UpstreamFields) {
  if (keyKind === "typed" && apiKey.trim()) return { apiKey: apiKey.trim() };
  return { key: (keyKind === "reference" && reference.trim()) || null };
}

function prices(fields: Fields["prices"]) {
  const known = given(numbers(fields));
  return Object.keys(known).length ? { ...known, source: modelText.form.byHand } : null;
}

const typed = (n: number | null | undefined) => (n == null ? "" : String(n));
const number = (text: string) => (text.trim() ? Number(text) : null);

function texts<Name extends string>(
  names: readonly Name[],
  from: Partial<Record<Name, number | null>>,
): Texts<Name> {
  return Object.fromEntries(names.map((name) => [name, typed(from[name])])) as Texts<Name>;
}

function numbers<Name extends string>(from: Texts<Name>) {
  const pairs = Object.entries<string>(from).map(([name, text]) => [name, number(text)]);
  return Object.fromEntries(pairs) as Record<Name, number | null>;
}

function given<Name extends string>(from: Record<Name, number | null>) {
  const known = Object.entries(from).filter(([, value]) => value !== null);
  return Object.fromEntries(known) as Partial<Record<Name, number>>;
}
