/** The models that the command palette can switch an open session to. */
import { useOfferedCommands } from "../../lib/commands";
import { canBeCalled } from "../../lib/modelStatus";
import { chatText } from "../../lib/words/chat";
import { useNotices } from "../../ui/Notices";
import type { SetUp } from "./useSetup";

const words = chatText.commands;

export function useModelCommands({ models, setup, change }: SetUp): void {
  const { announce } = useNotices();
  const others = models.list.filter((model) => canBeCalled(model) && model.modelId !== setup.model);
  useOfferedCommands(
    others.map(({ modelId }) => ({
      id: `model ${modelId}`,
      name: words.switchTo(modelId),
      group: words.group,
      words: words.switchWords,
      run: () => {
        change({ model: modelId });
        announce(modelId);
      },
    })),
  );
}
