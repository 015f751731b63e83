/** What can be called: what the gateway lists, and what it wakes when it is called. */
import { type Usable, useUsableModels } from "../../api/gateway";
import { type Model, useAllModels } from "../../api/models";
import { canBeCalled, isHosted, sleeps } from "../../lib/modelStatus";
import { playgroundText } from "../../lib/words/playground";

const MODES: Partial<Record<Model["modelType"], string>> = { textgen: "chat" };

export function usePlayable() {
  const { data, isPending, ...usable } = useUsableModels();
  const models = useAllModels();
  return {
    ...usable,
    isPending: isPending || models.isPending,
    data: data && withSleeping(data, models.data ?? []),
  };
}

/** Which of them sleep is known here; one that is woken stays, though the list may be older. */
function withSleeping(listed: Usable[], models: Model[]): Usable[] {
  const asleep = new Set(models.filter(sleeps).map(({ modelId }) => modelId));
  const all = [...listed, ...wokenBeside(listed, models)];
  return all.map((one) => ({ ...one, isAsleep: asleep.has(one.id) }));
}

function wokenBeside(listed: Usable[], models: Model[]): Usable[] {
  const known = new Set(listed.map(({ id }) => id));
  return models
    .filter((one) => isHosted(one) && canBeCalled(one) && !known.has(one.modelId))
    .map((one) => ({ id: one.modelId, mode: MODES[one.modelType] ?? one.modelType }));
}

export const choicesOf = (models: Usable[]) =>
  models.map(({ id, isAsleep }) => ({
    value: id,
    label: isAsleep ? playgroundText.sleeping(id) : id,
  }));
