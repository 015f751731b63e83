/** The files of the message that is being written, and what they take of the model's context. */
import { sentence } from "../../../lib/problem";
import { chatText } from "../../../lib/words/chat";
import { Icon } from "../../../ui/icons";
import { IconButton } from "../IconButton";
import type { Attachment } from "./useAttachments";

const words = chatText.attachments;

interface Props {
  list: Attachment[];
  contextWindow: number | null;
  onRemove: (id: string) => void;
}

export function AttachmentList({ list, contextWindow, onRemove }: Props) {
  if (list.length === 0) return null;
  const used = list.reduce((sum, { tokens }) => sum + tokens, 0);
  const isTooMuch = contextWindow !== null && used > contextWindow;
  return (
    <div className="px-3 pt-3">
      <ul aria-label={words.label} className="flex flex-wrap gap-2">
        {list.map((attachment) => (
          <li
            key={attachment.id}
            className="flex max-w-full items-center gap-2 rounded-lg border pl-3 text-sm"
          >
            <Icon name="clip" />
            <span className="min-w-0">
              <span className="block truncate">{attachment.name}</span>
              <State attachment={attachment} />
            </span>
            <IconButton
              icon="close"
              name={words.remove(attachment.name)}
              onClick={() => onRemove(attachment.id)}
            />
          </li>
        ))}
      </ul>
      {contextWindow !== null && used > 0 && (
        <p className={`mt-2 text-xs ${isTooMuch ? "text-destructive" : "text-muted-foreground"}`}>
          {words.budget(used, contextWindow)} {isTooMuch && words.tooMuch}
        </p>
      )}
    </div>
  );
}

function State({ attachment }: { attachment: Attachment }) {
  const { state, problem, size, tokens, isImage, isCut } = attachment;
  if (problem)
    return (
      <span role="alert" className="block text-xs text-destructive">
        {sentence(problem)}
      </span>
    );
  if (state !== "ready")
    return (
      <span className="block text-xs text-muted-foreground">
        {state === "uploading" ? words.uploading : words.reading}
      </span>
    );
  const told = isImage ? words.size(size) : words.ready(words.size(size), tokens);
  return (
    <span className="block text-xs text-muted-foreground">
      {told}
      {isCut && ` (${words.truncated})`}
    </span>
  );
}
