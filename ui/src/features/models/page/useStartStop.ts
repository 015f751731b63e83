/** Starts and stops a model that LISA runs, where it is in one of these states. */
import { type Model, useChangeModel } from "../../../api/models";
import { asProblem, sentence } from "../../../lib/problem";
import { pageText as words } from "../../../lib/words/modelPage";
import { useNotices } from "../../../ui/Notices";

const MAY_START = new Set(["Stopped", "Failed"]);

export interface StartStop {
  label: string;
  onSelect: () => void;
}

export function useStartStop({ modelId, status, version }: Model): StartStop[] {
  const change = useChangeModel(modelId);
  const { notify } = useNotices();
  const turn = (enabled: boolean) => {
    if (change.isPending) return;
    change.mutate(
      { change: { enabled }, version },
      {
        onSuccess: () => notify(enabled ? words.starting(modelId) : words.stopping(modelId)),
        onError: (error) => notify(words.notChanged(sentence(asProblem(error)))),
      },
    );
  };
  if (MAY_START.has(status)) return [{ label: words.start, onSelect: () => turn(true) }];
  if (status === "InService") return [{ label: words.stop, onSelect: () => turn(false) }];
  return [];
}
