/** The models that put passages into order. */
import { useModels } from "../../api/models";

export function useRerankers() {
  const { data } = useModels();
  return (data ?? [])
    .filter(({ modelType }) => modelType === "rerank")
    .map(({ modelId }) => ({ value: modelId, label: modelId }));
}
