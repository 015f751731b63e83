/** A file that was attached to a message. */
import type { FilePart } from "../../../chat/parts";
import { chatText } from "../../../lib/words/chat";
import { Icon } from "../../../ui/icons";

export function FileView({ file }: { file: FilePart }) {
  return (
    <p className="flex w-fit max-w-full items-center gap-2 rounded-lg border bg-card px-3 py-1.5 text-sm">
      <Icon name="clip" />
      <span className="truncate">{file.name || chatText.attachments.file}</span>
    </p>
  );
}
