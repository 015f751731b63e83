/** Which tool servers may be used in this session. */
import type { UsableServer } from "../../../api/toolServers";
import { asProblem, sentence } from "../../../lib/problem";
import { chatText } from "../../../lib/words/chat";
import { Button } from "../../../ui/Button";
import { Dialog, DialogActions } from "../../../ui/Dialog";
import { CheckField } from "../../../ui/fields";

const words = chatText.tools;

interface Props {
  servers: UsableServer[];
  error: unknown;
  off: string[];
  onChange: (off: string[]) => void;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function ToolsDialog({ servers, error, off, onChange, onClose, returnFocus }: Props) {
  const without = (id: string) => off.filter((one) => one !== id);
  return (
    <Dialog
      title={words.title}
      description={words.intro}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      {Boolean(error) && (
        <p className="text-sm text-destructive">
          {words.failed} {sentence(asProblem(error))}
        </p>
      )}
      {!error && servers.length === 0 && (
        <p className="text-sm text-muted-foreground">{words.none}</p>
      )}
      <div className="flex flex-col gap-3">
        {servers.map(({ id, name, description }) => (
          <CheckField
            key={id}
            label={name}
            hint={description || undefined}
            checked={!off.includes(id)}
            onChange={(isOn) => onChange(isOn ? without(id) : [...without(id), id])}
          />
        ))}
      </div>
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          {words.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
