/** Says a message another way: the former one stays as a version beside it. */
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { chatText } from "../../../lib/words/chat";
import { Button } from "../../../ui/Button";

interface Props {
  said: string;
  canSend: boolean;
  onSend: (said: string) => void;
  onClose: () => void;
}

export function EditBox({ said, canSend, onSend, onClose }: Props) {
  const [draft, setDraft] = useState(said);
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (canSend && draft.trim()) onSend(draft);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
    }
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <textarea
        aria-label={chatText.editing.label}
        // biome-ignore lint/a11y/noAutofocus: it was asked for by its button a moment ago
        autoFocus
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKey}
        className="field-sizing-content max-h-96 min-h-16 w-full resize-none rounded-lg border border-input bg-card px-3 py-2"
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{chatText.editing.cancel}</Button>
        <Button type="submit" look="primary" disabled={!canSend || !draft.trim()}>
          {chatText.editing.save}
        </Button>
      </div>
    </form>
  );
}
