/** What the reader makes of a server, kept as soon as it is chosen. */
import { type Choices, type ToolServer, useChoose } from "../../api/toolServers";
import { asProblem, sentence } from "../../lib/problem";
import { toolText } from "../../lib/words/tools";
import { useNotices } from "../../ui/Notices";

export function useChoices(server: ToolServer) {
  const { mutate } = useChoose(server);
  const { notify } = useNotices();
  const choose = (choices: Choices) =>
    mutate(choices, {
      onError: (error) => notify(toolText.notChosen(sentence(asProblem(error)))),
    });
  return { choices: server.choices, choose };
}

export const USES = ["ask", "run", "off"] as const;
export type Use = (typeof USES)[number];

export function usageOf(choices: Choices, tool: string): Use {
  if (choices.disabled_tools.includes(tool)) return "off";
  return choices.approved_tools.includes(tool) ? "run" : "ask";
}

export function withUse(choices: Choices, tool: string, use: Use): Choices {
  const others = (tools: string[]) => tools.filter((one) => one !== tool);
  const [disabled, approved] = [others(choices.disabled_tools), others(choices.approved_tools)];
  return {
    ...choices,
    disabled_tools: use === "off" ? [...disabled, tool] : disabled,
    approved_tools: use === "run" ? [...approved, tool] : approved,
  };
}
