/** One model: what it is, where it answers, who may use it. */
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { type Model, useChangeModel, useTestModel } from "../../api/models";
import { asProblem, sentence } from "../../lib/problem";
import { modelText } from "../../lib/words/models";
import { Badge } from "../../ui/Badge";
import { Facts } from "../../ui/Facts";
import { Menu } from "../../ui/Menu";
import { Moment } from "../../ui/Moment";
import { useNotices } from "../../ui/Notices";
import { TestResults } from "./TestResults";
import type { AskRemoval } from "./useRemoval";

const LOOKS: Record<string, "good" | "bad"> = { InService: "good", Stopped: "bad", Failed: "bad" };

export function ModelRow({ model, onRemove }: { model: Model; onRemove: AskRemoval }) {
  const test = useTestModel();
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="font-medium">{model.modelId}</h2>
          <Badge look={LOOKS[model.status]}>
            {modelText.statuses[model.status] ?? model.status}
          </Badge>
          <Badge>{modelText.types[model.modelType] ?? model.modelType}</Badge>
          {model.builtIn && <Badge>{modelText.builtIn}</Badge>}
        </div>
        {model.modelDescription && (
          <p className="mt-1 text-sm text-muted-foreground">{model.modelDescription}</p>
        )}
        <div className="mt-1.5">
          <Facts facts={factsOf(model)} />
        </div>
        <div className="mt-2 empty:hidden">
          <TestResults test={test} />
        </div>
      </div>
      <Actions
        model={model}
        onTest={() => test.mutate({ modelId: model.modelId, hostingType: "third_party" })}
        onRemove={onRemove}
      />
    </div>
  );
}

function factsOf(model: Model) {
  const places = model.upstreams.map(({ kind, url, target }) =>
    kind === "litellm" ? target : url,
  );
  return [
    { name: modelText.upstreams, value: model.builtIn ? "" : places.join(", ") },
    { name: modelText.groups, value: model.allowedGroups.join(", ") || modelText.everybody },
    { name: modelText.fallbacks, value: model.fallbacks.join(", ") },
    { name: modelText.changed, value: model.builtIn ? "" : <Moment at={model.changed} /> },
  ];
}

interface ActionsProps {
  model: Model;
  onTest: () => void;
  onRemove: AskRemoval;
}

function Actions({ model, onTest, onRemove }: ActionsProps) {
  const trigger = useRef<HTMLButtonElement>(null);
  const navigate = useNavigate();
  const toggle = useToggle(model);
  const edit = () => void navigate({ to: "/admin/models/edit", search: { id: model.modelId } });
  const own = [
    { label: modelText.edit, onSelect: edit },
    { label: modelText.remove, danger: true, onSelect: () => onRemove(model, trigger) },
  ];
  const [first, last] = model.builtIn ? [[], []] : [own.slice(0, 1), own.slice(1)];
  const actions = [...first, { label: modelText.test, onSelect: onTest }, ...toggle, ...last];
  return <Menu label={modelText.actions(model.modelId)} triggerRef={trigger} actions={actions} />;
}

/** Offers to switch it on or off, where it is in one of these states. */
function useToggle({ modelId, status, version }: Model) {
  const change = useChangeModel(modelId);
  const { notify } = useNotices();
  const turn = (enabled: boolean) =>
    change.mutate(
      { change: { enabled }, version },
      {
        onSuccess: () =>
          notify(enabled ? modelText.switchedOn(modelId) : modelText.switchedOff(modelId)),
        onError: (error) => notify(modelText.notChanged(sentence(asProblem(error)))),
      },
    );
  if (status === "InService") return [{ label: modelText.switchOff, onSelect: () => turn(false) }];
  if (status === "Stopped") return [{ label: modelText.switchOn, onSelect: () => turn(true) }];
  return [];
}
