/** Shows a new secret, this once, and how to use it. */
import { useApi } from "../../api/client";
import type { Issued } from "../../api/tokens";
import { tokenText } from "../../lib/words/tokens";
import { Button } from "../../ui/Button";
import { CopyField } from "../../ui/CopyField";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { snippetsFor } from "./snippets";

const words = tokenText.secret;

/** A slip of the Escape key must not lose what is shown only once. */
const stay = () => {};

interface Props {
  issued: Issued;
  onClose: () => void;
  returnFocus?: () => HTMLElement | null;
}

export function SecretDialog({ issued, onClose, returnFocus }: Props) {
  const { curl, openai } = snippetsFor(issued.token, issued.scopes, useApi().baseUrl);
  return (
    <Dialog
      alert
      title={words.title}
      description={words.body}
      onClose={stay}
      returnFocus={returnFocus}
    >
      <div className="flex flex-col gap-4">
        <CopyField label={words.label} value={issued.token} words={words} />
        {curl && <CopyField label={words.curl} value={curl} words={words} />}
        {openai && <CopyField label={words.openai} value={openai} words={words} />}
      </div>
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          {words.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
