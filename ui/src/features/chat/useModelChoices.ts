/** The models that can be talked to, or that paint, with how each of them is. */
import { useConfiguration } from "../../api/configuration";
import { type Model, useAllModels } from "../../api/models";
import { valueAt } from "../../lib/diff";
import { canBeCalled } from "../../lib/modelStatus";

const TALKING = new Set<string>(["textgen", "imagegen"]);

export interface ModelChoices {
  list: Model[];
  isPending: boolean;
  /** What a session without a choice of its own begins with. */
  preferred: string;
}

export function useModelChoices(): ModelChoices {
  const models = useAllModels();
  const { data } = useConfiguration();
  const list = (models.data ?? []).filter(({ modelType }) => TALKING.has(modelType));
  // What is awake comes before what has to be woken first.
  const isAwake = ({ status }: Model) => status === "InService";
  const ready = [
    ...list.filter(isAwake),
    ...list.filter((one) => !isAwake(one) && canBeCalled(one)),
  ];
  const named = String(valueAt(data?.configuration, ["global", "defaultModel"]) ?? "");
  const preferred = ready.find(({ modelId }) => modelId === named) ?? ready[0];
  return { list, isPending: models.isPending, preferred: preferred?.modelId ?? "" };
}
