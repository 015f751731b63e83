/** Between the fields of the form, which are texts, and what a model runs on as it is sent. */
import type {
  CatalogueEntry,
  EngineName,
  Hosting,
  HostKind,
  Scaling,
} from "../../../api/hostedTypes";
import { Problem } from "../../../lib/problem";
import { hostingText as words } from "../../../lib/words/hosting";
import { type OptionField, optionValues, typedOptions } from "./options";
import { type PlannedFields, plannedFields, plannedOf } from "./plans";

export interface HostingFields {
  kind: HostKind;
  engine: EngineName;
  source: string;
  revision: string;
  trustRemoteCode: boolean;
  options: Record<string, string>;
  environment: string;
  image: string;
  instanceType: string;
  gpus: string;
  diskGb: string;
  sharedMemoryMb: string;
  minimum: string;
  maximum: string;
  desired: string;
  metric: Scaling["metric"];
  target: string;
  cooldownSeconds: string;
  warmupSeconds: string;
  planned: PlannedFields[];
  idleMinutes: string;
  startMinutes: string;
}

const AWS = "cloudformation";
export const isOnAws = ({ kind }: Pick<HostingFields, "kind">) => kind === AWS;

export function emptyHosting(kind: HostKind, engine: EngineName): HostingFields {
  return {
    engine,
    source: "",
    revision: "",
    trustRemoteCode: false,
    options: {},
    environment: "",
    image: "",
    instanceType: "",
    ...onHost(kind),
    diskGb: "100",
    sharedMemoryMb: "0",
    minimum: "1",
    maximum: "1",
    desired: "1",
    metric: "requests",
    target: "30",
    cooldownSeconds: "300",
    warmupSeconds: "180",
    planned: [],
    idleMinutes: "",
    startMinutes: "30",
  };
}

/** What another host needs otherwise: on AWS a replica gets all GPUs of its instance type. */
export const onHost = (kind: HostKind) => ({ kind, gpus: kind === AWS ? "" : "0" });

/** The hosting that the catalogue suggests, on the host that was chosen. */
export function suggested(fields: HostingFields, entry: CatalogueEntry): HostingFields {
  return {
    ...fields,
    engine: entry.engine,
    source: entry.id,
    revision: "",
    trustRemoteCode: false,
    options: typedOptions(entry.options),
    instanceType: entry.instanceType,
  };
}

export function hostingFields(hosting: Hosting): HostingFields {
  const { scaling, weights, health } = hosting;
  return {
    ...weights,
    ...scaling,
    kind: hosting.kind,
    engine: hosting.engine,
    image: hosting.image,
    instanceType: hosting.instanceType,
    options: typedOptions(hosting.options),
    environment: Object.entries(hosting.environment)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n"),
    gpus: String(hosting.gpus),
    diskGb: String(hosting.diskGb),
    sharedMemoryMb: String(hosting.sharedMemoryMb),
    minimum: String(scaling.minimum),
    maximum: String(scaling.maximum),
    desired: String(scaling.desired),
    target: String(scaling.target),
    cooldownSeconds: String(scaling.cooldownSeconds),
    warmupSeconds: String(scaling.warmupSeconds),
    planned: plannedFields(scaling.planned),
    idleMinutes: hosting.idleSeconds === null ? "" : String(hosting.idleSeconds / 60),
    startMinutes: String(health.startSeconds / 60),
  };
}

/** What is asked for; a Problem where a field can't be read. */
export function hostingOf(fields: HostingFields, options: OptionField[], health = {}) {
  return {
    kind: fields.kind,
    engine: fields.engine,
    weights: {
      source: fields.source.trim(),
      revision: fields.revision.trim(),
      trustRemoteCode: fields.trustRemoteCode,
    },
    options: optionValues(options, fields.options),
    environment: environmentOf(fields.environment),
    image: fields.image.trim(),
    instanceType: isOnAws(fields) ? fields.instanceType.trim() : "",
    gpus: fields.gpus.trim() ? Number(fields.gpus) : undefined,
    scaling: scalingOf(fields),
    health: { ...health, startSeconds: Math.round(Number(fields.startMinutes) * 60) },
    diskGb: Number(fields.diskGb),
    sharedMemoryMb: Number(fields.sharedMemoryMb),
    idleSeconds: fields.idleMinutes.trim() ? Math.round(Number(fields.idleMinutes) * 60) : null,
  };
}

function scalingOf(fields: HostingFields): Scaling {
  const [minimum, maximum, desired] = [fields.minimum, fields.maximum, fields.desired].map(Number);
  refuseUnordered(minimum, desired, maximum);
  return {
    minimum: minimum ?? 1,
    maximum: maximum ?? 1,
    desired: desired ?? 1,
    metric: fields.metric,
    target: Number(fields.target),
    cooldownSeconds: Number(fields.cooldownSeconds),
    warmupSeconds: Number(fields.warmupSeconds),
    planned: plannedOf(fields.planned),
  };
}

export function refuseUnordered(...numbers: (number | undefined)[]): void {
  const isOrdered = numbers.every((n, at) => at === 0 || Number(numbers[at - 1]) <= Number(n));
  if (!isOrdered) throw new Problem(0, words.inOrder, words.inOrderNext);
}

function environmentOf(typed: string): Record<string, string> {
  const lines = typed.split("\n").filter((line) => line.trim());
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^\s*([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
      if (!name) throw new Problem(0, words.notVariable(line), words.notVariableNext);
      return [name, value ?? ""];
    }),
  );
}

/** Only the parts that differ, so that what others change meanwhile stays theirs. */
export function hostingChanges(before: ReturnType<typeof hostingOf>, after: typeof before) {
  const pairs = Object.entries(after).filter(([name, value]) => {
    return JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]);
  });
  return Object.fromEntries(pairs) as Partial<typeof after>;
}
