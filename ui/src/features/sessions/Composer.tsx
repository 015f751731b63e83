/** Where a message is written and added to the session. */
import { type KeyboardEvent, useState } from "react";
import { useAppendMessage } from "../../api/items";
import { type Draft, keepDraft, keptDraft } from "../../lib/drafts";
import { freshId } from "../../lib/freshId";
import { text } from "../../lib/strings";
import { Button } from "../../ui/Button";
import { useNotices } from "../../ui/Notices";
import { FieldProblem } from "../../ui/states";

const HINT_ID = "composer-hint";

export function Composer({ sessionId, onAdded }: { sessionId: string; onAdded: () => void }) {
  const { draft, setDraft } = useDraft(sessionId);
  const append = useAppendMessage(sessionId);
  const { announce } = useNotices();

  const isEmpty = !draft.said.trim();
  const send = () => {
    if (isEmpty || append.isPending) return;
    append.mutate(draft, {
      onSuccess: () => {
        setDraft({ id: "", said: "" });
        announce(text.session.added);
        onAdded();
      },
    });
  };
  const sendOnEnter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className="sticky bottom-0 -mx-4 border-t bg-background px-4 py-3 md:-mx-8 md:px-8"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {append.error && <FieldProblem error={append.error} />}
      <div className="flex items-end gap-2">
        <textarea
          aria-label={text.session.message}
          aria-describedby={HINT_ID}
          placeholder={text.session.message}
          rows={2}
          value={draft.said}
          readOnly={append.isPending}
          onChange={(event) => setDraft({ id: freshId("msg_"), said: event.target.value })}
          onKeyDown={sendOnEnter}
          className="field-sizing-content max-h-60 min-h-16 min-w-0 flex-1 resize-none rounded-lg border border-input bg-card px-3 py-2 placeholder:text-muted-foreground"
        />
        <Button type="submit" look="primary" disabled={append.isPending || isEmpty}>
          {append.isPending ? text.session.sending : text.session.send}
        </Button>
      </div>
      <p id={HINT_ID} className="mt-2 text-xs text-muted-foreground">
        {text.session.noModel} <span className="max-sm:sr-only">{text.session.keys}</span>
      </p>
    </form>
  );
}

/** One id per text: sending the same again after a failure can't add it twice. */
function useDraft(sessionId: string) {
  const [draft, setDraft] = useState(() => keptDraft(sessionId));
  return {
    draft,
    setDraft: (next: Draft) => {
      keepDraft(sessionId, next);
      setDraft(next);
    },
  };
}
