/** Offers to bring back what was deleted last. */
import { text } from "../../lib/strings";
import { chatText } from "../../lib/words/chat";
import { Button } from "../../ui/Button";
import { IconButton } from "./IconButton";
import type { useRemoval } from "./useRemoval";

export function UndoBar({ removal }: { removal: ReturnType<typeof useRemoval> }) {
  if (!removal.isOffered) return null;
  return (
    <div className="mb-2 flex items-center justify-between gap-2 rounded-lg border bg-card py-1 pr-1 pl-3 text-sm">
      <p>{chatText.actions.deleted}</p>
      <div className="flex">
        <Button look="quiet" onClick={removal.restore}>
          {chatText.actions.undo}
        </Button>
        <IconButton icon="close" name={text.close} onClick={removal.dismiss} />
      </div>
    </div>
  );
}
