/** One model: what it is, how it is, where it answers, who may use it. */
import { Link } from "@tanstack/react-router";
import { useReplicas } from "../../api/hosting";
import { type Model, useTestModel } from "../../api/models";
import { isHosted, isOnItsWay } from "../../lib/modelStatus";
import { pageText } from "../../lib/words/modelPage";
import { modelText } from "../../lib/words/models";
import { Badge } from "../../ui/Badge";
import { Facts } from "../../ui/Facts";
import { Moment } from "../../ui/Moment";
import { RowActions } from "./RowActions";
import { Reason, StatusBadge } from "./StatusBadge";
import { TestResults } from "./TestResults";
import type { AskRemoval } from "./useRemoval";

export function ModelRow({ model, onRemove }: { model: Model; onRemove: AskRemoval }) {
  const test = useTestModel();
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="font-medium">
            <Link
              to="/admin/models/$id"
              params={{ id: model.modelId }}
              className="rounded hover:underline"
            >
              {model.modelId}
            </Link>
          </h2>
          <StatusBadge model={model} />
          <Badge>{modelText.types[model.modelType] ?? model.modelType}</Badge>
          {model.builtIn && <Badge>{modelText.builtIn}</Badge>}
        </div>
        {model.modelDescription && (
          <p className="mt-1 text-sm text-muted-foreground">{model.modelDescription}</p>
        )}
        <div className="mt-1.5 flex flex-col gap-1.5">
          <Reason model={model} />
          <Facts facts={factsOf(model)} />
        </div>
        <div className="mt-2 empty:hidden">
          <TestResults test={test} />
        </div>
      </div>
      <RowActions
        model={model}
        onTest={() => test.mutate({ modelId: model.modelId, hostingType: "third_party" })}
        onRemove={onRemove}
      />
    </div>
  );
}

function factsOf(model: Model) {
  const hosted = isHosted(model);
  const places = model.upstreams.map(({ kind, url, target }) =>
    kind === "litellm" ? target : url,
  );
  return [
    { name: modelText.replicas, value: hosted ? <ReplicaCount model={model} /> : "" },
    { name: modelText.upstreams, value: model.builtIn || hosted ? "" : places.join(", ") },
    { name: modelText.groups, value: model.allowedGroups.join(", ") || modelText.everybody },
    { name: modelText.fallbacks, value: model.fallbacks.join(", ") },
    { name: modelText.changed, value: model.builtIn ? "" : <Moment at={model.changed} /> },
  ];
}

/** Where nobody has told of its replicas, nothing is made up. */
function ReplicaCount({ model }: { model: Model }) {
  const { data } = useReplicas(model.modelId, isOnItsWay(model));
  if (!data) return "…";
  const healthy = data.replicas.filter((each) => each.healthy).length;
  return pageText.replicas.counts(healthy, data.desired);
}
