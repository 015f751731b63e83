/** What can be done with a model of the list. */
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { type Model, useChangeModel } from "../../api/models";
import { isHosted } from "../../lib/modelStatus";
import { asProblem, sentence } from "../../lib/problem";
import { pageText } from "../../lib/words/modelPage";
import { modelText } from "../../lib/words/models";
import { Menu } from "../../ui/Menu";
import { useNotices } from "../../ui/Notices";
import { useStartStop } from "./page/useStartStop";
import type { AskRemoval } from "./useRemoval";

interface Props {
  model: Model;
  onTest: () => void;
  onRemove: AskRemoval;
}

export function RowActions(props: Props) {
  return isHosted(props.model) ? <OfHosted {...props} /> : <OfOthers {...props} />;
}

function OfOthers({ model, onTest, onRemove }: Props) {
  const trigger = useRef<HTMLButtonElement>(null);
  const toggle = useToggle(model);
  const go = useWays(model);
  const own = [
    { label: modelText.edit, onSelect: go.edit },
    { label: modelText.remove, danger: true, onSelect: () => onRemove(model, trigger) },
  ];
  const [first, last] = model.builtIn ? [[], []] : [own.slice(0, 1), own.slice(1)];
  const actions = [...first, { label: modelText.test, onSelect: onTest }, ...toggle, ...last];
  return <Menu label={modelText.actions(model.modelId)} triggerRef={trigger} actions={actions} />;
}

function OfHosted({ model, onTest, onRemove }: Props) {
  const trigger = useRef<HTMLButtonElement>(null);
  const startStop = useStartStop(model);
  const go = useWays(model);
  const test = { label: modelText.test, onSelect: onTest };
  const changes = [
    { label: pageText.edit, onSelect: go.edit },
    { label: pageText.schedule, onSelect: go.schedule },
    { label: pageText.remove, danger: true, onSelect: () => onRemove(model, trigger) },
  ];
  const actions = [
    { label: pageText.open, onSelect: go.open },
    ...startStop,
    ...(model.status === "InService" ? [test] : []),
    ...(model.status === "Deleting" ? [] : changes),
  ];
  return <Menu label={modelText.actions(model.modelId)} triggerRef={trigger} actions={actions} />;
}

function useWays({ modelId }: Model) {
  const navigate = useNavigate();
  const params = { id: modelId };
  return {
    open: () => void navigate({ to: "/admin/models/$id", params }),
    edit: () => void navigate({ to: "/admin/models/edit", search: params }),
    schedule: () =>
      void navigate({ to: "/admin/models/$id", params, search: { view: "schedule" } }),
  };
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
