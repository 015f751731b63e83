/** The commands that what was typed may become. The field above it keeps the focus. */
import { chatText } from "../../../lib/words/chat";
import type { Command } from "./commands";

export const MENU_ID = "chat-commands";
export const optionId = (name: string) => `${MENU_ID}-${name}`;

interface Props {
  commands: Command[];
  highlighted: number;
  onChoose: (command: Command) => void;
}

export function CommandMenu({ commands, highlighted, onChoose }: Props) {
  return (
    <div
      id={MENU_ID}
      role="listbox"
      aria-label={chatText.commands.label}
      className="absolute inset-x-0 bottom-full mb-2 max-h-64 overflow-y-auto rounded-lg border bg-popover p-1 shadow-lg"
    >
      {commands.map((command, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys
        <div
          key={command.name}
          id={optionId(command.name)}
          role="option"
          tabIndex={-1}
          aria-selected={at === highlighted}
          className="flex min-h-9 cursor-default flex-wrap items-center gap-x-3 rounded-md px-3 text-sm aria-selected:bg-muted hover:bg-muted"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(command)}
        >
          <span className="font-medium">/{command.name}</span>
          <span className="text-muted-foreground">{command.about}</span>
        </div>
      ))}
    </div>
  );
}
