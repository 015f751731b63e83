/** Which model answers; one that isn't ready says how it is. */
import { Link } from "@tanstack/react-router";
import { useMe } from "../../../api/identity";
import type { Model } from "../../../api/models";
import { canBeCalled, sleeps } from "../../../lib/modelStatus";
import { chatText } from "../../../lib/words/chat";
import type { ModelChoices } from "../useModelChoices";

const words = chatText.composer;
export const MODEL_ID = "chat-model";

interface Props {
  models: ModelChoices;
  value: string;
  onChange: (model: string) => void;
}

export function ModelPicker({ models, value, onChange }: Props) {
  const { data: me } = useMe(true);
  const { list, isPending } = models;
  if (list.length === 0 && !isPending) return <NoModel mayAdd={me?.admin ?? false} />;
  const isKnown = list.some(({ modelId }) => modelId === value);
  return (
    <select
      id={MODEL_ID}
      aria-label={words.model}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="min-h-9 max-w-64 min-w-16 truncate rounded-lg bg-transparent px-2 text-sm hover:bg-muted max-lg:max-w-40 max-sm:max-w-none max-sm:flex-1 max-sm:basis-16"
    >
      {!isKnown && <option value={value}>{value || words.chooseModel}</option>}
      {list.map((model) => (
        <option key={model.modelId} value={model.modelId} disabled={!canBeCalled(model)}>
          {nameOf(model)}
        </option>
      ))}
    </select>
  );
}

function nameOf(model: Model): string {
  if (model.status === "InService") return model.modelId;
  if (sleeps(model)) return words.modelState(model.modelId, words.sleeps);
  return words.modelState(model.modelId, canBeCalled(model) ? words.starts : model.status);
}

function NoModel({ mayAdd }: { mayAdd: boolean }) {
  return (
    <p className="px-2 text-sm">
      {words.noModel}{" "}
      {mayAdd ? (
        <Link to="/admin/models/new" className="text-primary underline">
          {words.addModel}
        </Link>
      ) : (
        words.askForModel
      )}
    </p>
  );
}
