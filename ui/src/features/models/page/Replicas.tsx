/** The replicas of a model: how each is, how many there should be, what they say. */
import { useState } from "react";
import type { Replica, Replicas as Told } from "../../../api/hostedTypes";
import { useReplicas } from "../../../api/hosting";
import type { Model } from "../../../api/models";
import { asSentence } from "../../../lib/problem";
import { hostingText } from "../../../lib/words/hosting";
import { pageText } from "../../../lib/words/modelPage";
import { Badge } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { Facts } from "../../../ui/Facts";
import { Moment } from "../../../ui/Moment";
import { Failed, FieldProblem, Loading } from "../../../ui/states";
import { Log } from "./Log";
import { ReplicaNumber } from "./ReplicaNumber";

const words = pageText.replicas;

export function Replicas({ model }: { model: Model }) {
  const { data, error, isPending, refetch } = useReplicas(model.modelId, true);
  if (isPending) return <Loading what={words.loading} />;
  if (!data) return <Failed title={words.failed} error={error} onRetry={() => void refetch()} />;
  return (
    <div className="flex flex-col gap-4">
      {error && <FieldProblem error={error} />}
      <State told={data} />
      {data.replicas.length === 0 ? (
        <p className="text-sm text-muted-foreground">{data.told ? words.empty : words.unknown}</p>
      ) : (
        <ul aria-label={words.label} className="divide-y rounded-xl border bg-card">
          {data.replicas.map((replica) => (
            <One key={replica.id} id={model.modelId} replica={replica} />
          ))}
        </ul>
      )}
      {model.hosting && (
        <ReplicaNumber key={model.version} model={model} scaling={model.hosting.scaling} />
      )}
    </div>
  );
}

function State({ told }: { told: Told }) {
  const healthy = told.replicas.filter((each) => each.healthy).length;
  const facts = [
    { name: words.label, value: words.counts(healthy, told.desired) },
    { name: words.underWay, value: String(told.underWay) },
    {
      name: words.lastUsed,
      value: told.lastUsed ? <Moment at={told.lastUsed} /> : words.neverUsed,
    },
    { name: words.idle, value: told.idleSeconds ? hostingText.minutes(told.idleSeconds / 60) : "" },
    { name: words.told, value: told.told ? <Moment at={told.told} /> : "" },
  ];
  return (
    <div className="flex flex-col gap-1.5">
      {told.words && <p className="text-sm">{asSentence(told.words)}</p>}
      {told.cause && (
        <p className="text-sm text-destructive">
          {asSentence(told.cause)} {asSentence(told.nextStep)}
        </p>
      )}
      <Facts facts={facts} />
    </div>
  );
}

function One({ id, replica }: { id: string; replica: Replica }) {
  const [isRead, setRead] = useState(false);
  const facts = [
    { name: words.address, value: replica.address },
    { name: words.since, value: replica.since ? <Moment at={replica.since} /> : "" },
  ];
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-2">
            <h3 className="text-sm font-medium">{replica.id}</h3>
            <Badge look={replica.healthy ? "good" : "bad"}>
              {replica.healthy ? words.healthy : words.unhealthy}
            </Badge>
          </div>
          <div className="mt-1">
            <Facts facts={facts} />
          </div>
          {replica.error && <p className="mt-1 text-sm text-destructive">{replica.error}</p>}
        </div>
        <Button
          aria-expanded={isRead}
          aria-label={words.logsOf(replica.id)}
          onClick={() => setRead(!isRead)}
        >
          {isRead ? words.hideLogs : words.logs}
        </Button>
      </div>
      {isRead && <Log id={id} replica={replica.id} />}
    </li>
  );
}
