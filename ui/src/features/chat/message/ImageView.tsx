/** An image of the session: attached by its owner, or made by a model. */
import { useApi } from "../../../api/client";
import { useFileLink } from "../../../api/files";
import type { ImagePart } from "../../../chat/parts";
import { saveFile } from "../../../lib/save";
import { chatText } from "../../../lib/words/chat";
import { useNotices } from "../../../ui/Notices";
import { useOpenChat } from "../chatContext";
import { IconButton } from "../IconButton";

const words = chatText.image;

interface Props {
  image: ImagePart;
  isOwn: boolean;
  onRegenerate?: () => void;
}

export function ImageView({ image, isOwn, onRegenerate }: Props) {
  const { sessionId } = useOpenChat();
  const link = useFileLink(sessionId, image.fileId);
  const address = image.url || link.data?.url;
  const missing = wordsFor(image, link.error);
  if (missing) return <p className="text-sm text-muted-foreground">{missing}</p>;
  if (!address) return <div className="h-48 w-64 rounded-lg border bg-muted" />;
  return (
    <figure className="flex flex-col items-start gap-1">
      <img
        src={address}
        alt={image.prompt || (isOwn ? words.attached : words.generated)}
        className="max-h-96 max-w-full rounded-lg border"
      />
      {!isOwn && <ImageActions address={address} onRegenerate={onRegenerate} />}
    </figure>
  );
}

/** Why there is no image to show. */
function wordsFor({ state, url, fileId }: ImagePart, error: unknown): string {
  if (state === "running") return words.running;
  if (state === "failed" || error) return words.failed;
  return url || fileId ? "" : words.away;
}

function ImageActions({ address, onRegenerate }: { address: string; onRegenerate?: () => void }) {
  const api = useApi();
  const { notify } = useNotices();
  const download = async () => {
    try {
      const content = await (await api.send(address)).blob();
      saveFile(`image.${content.type.split("/")[1] ?? "png"}`, content);
    } catch {
      notify(words.failed);
    }
  };
  return (
    <div className="flex gap-1">
      <IconButton icon="download" name={words.download} onClick={() => void download()} />
      {onRegenerate && <IconButton icon="again" name={words.regenerate} onClick={onRegenerate} />}
    </div>
  );
}
