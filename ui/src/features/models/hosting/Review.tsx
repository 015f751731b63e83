/** All that was chosen, before it is made. */
import type { ReactNode } from "react";
import type { Engine } from "../../../api/hostedTypes";
import { listed } from "../../../lib/listed";
import { hostingText as words } from "../../../lib/words/hosting";
import { pageText } from "../../../lib/words/modelPage";
import { modelText } from "../../../lib/words/models";
import { type HostingFields, isOnAws } from "./hostingFields";
import { plannedOf, toldPlan } from "./plans";
import type { Draft } from "./wanted";

const names = pageText.facts;

export function Review({ draft, engines }: { draft: Draft; engines: Engine[] }) {
  const { hosting } = draft;
  const engine = engines.find(({ name }) => name === hosting.engine);
  return (
    <section aria-label={words.review} className="rounded-xl border bg-card p-4">
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2 text-sm max-sm:gap-x-4">
        <Line name={modelText.form.id}>{draft.id}</Line>
        <Line name={modelText.form.type}>{modelText.types[draft.type] ?? draft.type}</Line>
        <Line name={names.host}>{words.hosts[hosting.kind] ?? hosting.kind}</Line>
        <Line name={names.weights}>
          {[hosting.source, hosting.revision].filter(Boolean).join(" @ ")}
        </Line>
        <Line name={names.engine}>{engine?.title ?? hosting.engine}</Line>
        <Line name={names.options}>{optionsOf(hosting)}</Line>
        <Line name={names.environment}>{variablesOf(hosting)}</Line>
        <Hardware hosting={hosting} />
        <Line name={names.groups}>{listed(draft.groups).join(", ") || modelText.everybody}</Line>
      </dl>
    </section>
  );
}

function Hardware({ hosting }: { hosting: HostingFields }) {
  return (
    <>
      {isOnAws(hosting) && <Line name={names.instanceType}>{hosting.instanceType}</Line>}
      <Line name={names.gpus}>{hosting.gpus || words.allGpus}</Line>
      {isOnAws(hosting) && <Line name={names.disk}>{words.gib(Number(hosting.diskGb))}</Line>}
      {isOnAws(hosting) && <Line name={names.image}>{hosting.image}</Line>}
      <Line name={names.replicas}>
        {words.replicaRange(Number(hosting.minimum), Number(hosting.maximum))}
      </Line>
      <Line name={names.planned}>{plannedOf(hosting.planned).map(toldPlan).join("\n")}</Line>
      <Line name={names.idle}>
        {hosting.idleMinutes ? words.minutes(Number(hosting.idleMinutes)) : words.never}
      </Line>
    </>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <div className="contents">
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="min-w-0 whitespace-pre-line">{children}</dd>
    </div>
  );
}

const optionsOf = ({ options }: HostingFields) =>
  Object.entries(options)
    .filter(([, value]) => value.trim())
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

/** Only the names: a value may be what nobody beside should read. */
const variablesOf = ({ environment }: HostingFields) =>
  environment
    .split("\n")
    .map((line) => line.split("=")[0]?.trim())
    .filter(Boolean)
    .join(", ");
