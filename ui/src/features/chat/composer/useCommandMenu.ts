/** Which command is meant, by what is typed and by the arrow keys. */
import { type KeyboardEvent, useEffect, useState } from "react";
import { chatText } from "../../../lib/words/chat";
import { useNotices } from "../../../ui/Notices";
import { MENU_ID, optionId } from "./CommandMenu";
import { type Command, matching, typedCommand } from "./commands";

export function useCommandMenu(
  commands: readonly Command[],
  said: string,
  onRun: (command: Command, rest: string) => void,
) {
  const [highlighted, setHighlighted] = useState(0);
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const { announce } = useNotices();
  const found = closedFor === said ? [] : matching(commands, said);
  const { length } = found;
  const at = Math.min(highlighted, length - 1);
  useEffect(() => {
    if (length > 0) announce(chatText.commands.found(length));
  }, [length, announce]);

  const run = (command: Command | undefined) => {
    if (command) onRun(command, typedCommand(said)?.rest ?? "");
    setHighlighted(0);
  };
  const moves: Record<string, () => void> = {
    ArrowDown: () => setHighlighted((at + 1) % length),
    ArrowUp: () => setHighlighted((at - 1 + length) % length),
    Enter: () => run(found[at]),
    Tab: () => run(found[at]),
    Escape: () => setClosedFor(said),
  };
  /** Whether the key was the menu's. */
  const onKey = (event: KeyboardEvent): boolean => {
    const move = length > 0 && !event.shiftKey ? moves[event.key] : undefined;
    if (!move) return false;
    event.preventDefault();
    event.stopPropagation();
    move();
    return true;
  };
  const described = found[at];
  return {
    found,
    highlighted: at,
    run,
    onKey,
    field: described
      ? {
          "aria-autocomplete": "list" as const,
          "aria-controls": MENU_ID,
          "aria-activedescendant": optionId(described.name),
        }
      : {},
  };
}
