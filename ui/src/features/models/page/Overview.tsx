/** What a model runs on, and who may use it. */
import type { ReactNode } from "react";
import type { Hosting } from "../../../api/hostedTypes";
import type { Model } from "../../../api/models";
import { hostingText } from "../../../lib/words/hosting";
import { libraryText } from "../../../lib/words/library";
import { pageText } from "../../../lib/words/modelPage";
import { modelText } from "../../../lib/words/models";
import { Moment } from "../../../ui/Moment";
import { isOnAws } from "../hosting/hostingFields";
import { toldPlan } from "../hosting/plans";

const names = pageText.facts;

export function Overview({ model }: { model: Model }) {
  const facts: Fact[] = [
    ...(model.hosting ? hostingFacts(model.hosting) : placeFacts(model)),
    [names.context, model.contextWindow && libraryText.tokens(model.contextWindow)],
    [names.groups, model.allowedGroups.join(", ") || modelText.everybody],
    [names.changed, <Moment key="changed" at={model.changed} />],
  ];
  return (
    <section aria-label={names.setUp} className="rounded-xl border bg-card p-4">
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2 text-sm max-sm:gap-x-4">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted-foreground">{name}</dt>
              <dd className="min-w-0 whitespace-pre-line">{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

type Fact = [name: string, value: ReactNode];

function hostingFacts(hosting: Hosting): Fact[] {
  const { weights, scaling, idleSeconds } = hosting;
  return [
    [names.host, hostingText.hosts[hosting.kind] ?? hosting.kind],
    [names.engine, hosting.engine],
    [names.weights, [weights.source, weights.revision].filter(Boolean).join(" @ ")],
    [names.options, optionsOf(hosting)],
    [names.environment, Object.keys(hosting.environment).join(", ")],
    [names.image, hosting.image],
    [names.instanceType, hosting.instanceType],
    [names.gpus, String(hosting.gpus)],
    ...(isOnAws(hosting) ? machineFacts(hosting) : []),
    [names.replicas, hostingText.replicaRange(scaling.minimum, scaling.maximum)],
    [names.planned, scaling.planned.map(toldPlan).join("\n")],
    [names.idle, idleSeconds ? hostingText.minutes(idleSeconds / 60) : hostingText.never],
  ];
}

const machineFacts = ({ diskGb, sharedMemoryMb }: Hosting): Fact[] => [
  [names.disk, hostingText.gib(diskGb)],
  [names.sharedMemory, sharedMemoryMb > 0 && hostingText.mib(sharedMemoryMb)],
];

const optionsOf = ({ options }: Hosting) =>
  Object.entries(options)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n");

function placeFacts({ upstreams }: Model): Fact[] {
  const places = upstreams.map(({ kind, url, target }) => (kind === "litellm" ? target : url));
  return [[names.address, places.join(", ")]];
}
