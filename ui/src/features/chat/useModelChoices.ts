/** The models that can be talked to, or that paint, with how each of them is. */
import { useEffect } from "react";
import { useConfiguration } from "../../api/configuration";
import { type Model, useModels } from "../../api/models";
import { valueAt } from "../../lib/diff";

const TALKING = new Set<string>(["textgen", "imagegen"]);

export interface ModelChoices {
  list: Model[];
  isPending: boolean;
  /** What a session without a choice of its own begins with. */
  preferred: string;
}

export function useModelChoices(): ModelChoices {
  const models = useModels();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = models;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const { data } = useConfiguration();
  const list = (models.data ?? []).filter(({ modelType }) => TALKING.has(modelType));
  const ready = list.filter(({ status }) => status === "InService");
  const named = String(valueAt(data?.configuration, ["global", "defaultModel"]) ?? "");
  const preferred = ready.find(({ modelId }) => modelId === named) ?? ready[0];
  return { list, isPending: models.isPending, preferred: preferred?.modelId ?? "" };
}
