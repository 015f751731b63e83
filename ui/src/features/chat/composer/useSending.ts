/** From what was written and attached to a message that is asked. */
import type { WirePart } from "../../../api/responses";
import { freshId } from "../../../lib/freshId";
import { chatText } from "../../../lib/words/chat";
import { useOpenChat } from "../chatContext";
import type { Wanted } from "./SummaryDialog";
import { type Attachment, attachmentParts } from "./useAttachments";

const message = (content: WirePart[]) => ({
  id: freshId("msg_"),
  type: "message",
  role: "user",
  content,
});
const words = (text: string): WirePart => ({ type: "input_text", text });

export function useSending(attached: Attachment[]) {
  const { ask, canAsk } = useOpenChat();
  const isOnItsWay = attached.some(({ state }) => state === "uploading" || state === "reading");
  return {
    maySend: (said: string) =>
      canAsk && !isOnItsWay && (said.trim() !== "" || attached.some(({ fileId }) => fileId)),
    send: (said: string) => {
      const spoken = said.trim() ? [words(said)] : [];
      ask({ input: [message([...spoken, ...attachmentParts(attached)])] });
    },
    summarise: ({ document, style, prompt }: Wanted) => {
      const said = prompt.trim() || chatText.summary.asked(document.name);
      ask({
        input: [message([words(said)])],
        summarise: { file_id: document.fileId, style, prompt },
      });
    },
    canAsk,
  };
}
