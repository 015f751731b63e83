/** Which commands and keys there are. */
import { chatText } from "../../../lib/words/chat";
import { Button } from "../../../ui/Button";
import { Dialog, DialogActions } from "../../../ui/Dialog";
import type { Command } from "./commands";

const words = chatText.help;

interface Props {
  commands: readonly Command[];
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function HelpDialog({ commands, onClose, returnFocus }: Props) {
  const rows = [
    ...words.keys.map(([name = "", about = ""]) => ({ name, about })),
    ...commands.map(({ name, about }) => ({ name: `/${name}`, about })),
  ];
  return (
    <Dialog title={words.title} onClose={onClose} returnFocus={returnFocus}>
      <dl className="flex flex-col gap-2 text-sm">
        {rows.map(({ name, about }) => (
          <div key={name} className="flex flex-wrap gap-x-3">
            <dt className="w-28 shrink-0 font-medium">{name}</dt>
            <dd className="min-w-0 flex-1 text-muted-foreground">{about}</dd>
          </div>
        ))}
      </dl>
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          {words.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
