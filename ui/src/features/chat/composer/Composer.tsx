/** Where a message is written, with what goes along with it. */
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  lazy,
  Suspense,
  useEffect,
  useRef,
  useState,
} from "react";
import { useUploads } from "../../../api/useUploads";
import { chatText } from "../../../lib/words/chat";
import { Button } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import { useOpenChat } from "../chatContext";
import { useOffers } from "../useOffers";
import type { SetUp } from "../useSetup";
import { AttachmentList } from "./AttachmentList";
import { CollectionUploads } from "./CollectionUploads";
import { CommandMenu } from "./CommandMenu";
import { Toolbar } from "./Toolbar";
import { useAttachments } from "./useAttachments";
import { useCommandMenu } from "./useCommandMenu";
import { type Asked, useCommands } from "./useCommands";
import { useDraft } from "./useDraft";
import { useOnline } from "./useOnline";
import { useSending } from "./useSending";

const ComposerDialogs = lazy(() => import("./ComposerDialogs"));

const words = chatText.composer;
const HINT_ID = "composer-hint";
// Focus in the field is shown around all that belongs to the message.
const BOX =
  "relative rounded-xl border bg-card has-[textarea:focus-visible]:outline-2 " +
  "has-[textarea:focus-visible]:outline-offset-2 has-[textarea:focus-visible]:outline-ring";

interface Props {
  setUp: SetUp;
  isRunning: boolean;
  isStopping: boolean;
  /** The turn that the server has begun, if any. */
  begunId: string;
  onStop: () => void;
}

export function Composer({ setUp, isRunning, isStopping, begunId, onStop }: Props) {
  const { sessionId } = useOpenChat();
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft(sessionId, begunId);
  const attachments = useAttachments(sessionId);
  const uploads = useUploads();
  const offers = useOffers();
  const sending = useSending(attachments.list);
  const [asked, setAsked] = useState<{ what: Asked; rest: string } | null>(null);
  const [isOver, setOver] = useState(false);
  const isOnline = useOnline();
  // Enter may come before the models do.
  const [isMeant, setMeant] = useState(false);

  const commands = useCommands(setUp, (what, rest) => setAsked({ what, rest }));
  const menu = useCommandMenu(commands, draft.said, (command, rest) => {
    draft.write("");
    command.run(rest);
  });

  const send = () => {
    const isReady = sending.maySend(draft.said);
    setMeant(!isReady && setUp.models.isPending);
    if (!isReady) return;
    sending.send(draft.said);
    draft.sent();
    attachments.clear();
  };
  useEffect(() => {
    if (isMeant && sending.canAsk) send();
  });
  const onEnter = (event: KeyboardEvent) => {
    if (event.shiftKey) return;
    event.preventDefault();
    send();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || menu.onKey(event)) return;
    if (event.key === "Escape" && isRunning) onStop();
    if (event.key === "Enter") onEnter(event);
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0 || !offers.files) return;
    event.preventDefault();
    attachments.add(files);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (offers.files) attachments.add([...event.dataTransfer.files]);
  };
  // The button that stops goes away with what it stops.
  const stop = () => {
    onStop();
    field.current?.focus();
  };

  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(offers.files);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={`${BOX} ${isOver ? "border-primary" : "border-input"}`}
      >
        {menu.found.length > 0 && (
          <CommandMenu commands={menu.found} highlighted={menu.highlighted} onChoose={menu.run} />
        )}
        <CollectionUploads uploads={uploads} />
        <AttachmentList
          list={attachments.list}
          contextWindow={setUp.chosen?.contextWindow ?? null}
          onRemove={attachments.remove}
        />
        <textarea
          ref={field}
          aria-label={words.message}
          aria-describedby={HINT_ID}
          placeholder={isOver ? words.drop : words.placeholder}
          rows={1}
          value={draft.said}
          onChange={(event) => {
            setMeant(false);
            draft.write(event.target.value);
          }}
          onKeyDown={onKey}
          onPaste={onPaste}
          className="field-sizing-content max-h-60 min-h-12 w-full resize-none rounded-xl bg-transparent px-4 py-3 outline-transparent placeholder:text-muted-foreground"
          {...menu.field}
        />
        <Toolbar
          setUp={setUp}
          onFiles={attachments.add}
          onOpen={(what) => setAsked({ what, rest: "" })}
        >
          {isRunning ? (
            <Button onClick={stop} aria-disabled={isStopping}>
              <Icon name="stop" />
              <span className="max-sm:sr-only">{words.stop}</span>
            </Button>
          ) : (
            <Button type="submit" look="primary" disabled={!sending.maySend(draft.said)}>
              <Icon name="send" />
              <span className="max-sm:sr-only">{words.send}</span>
            </Button>
          )}
        </Toolbar>
        <p id={HINT_ID} className={isOnline ? "sr-only" : "px-4 pb-2 text-xs text-destructive"}>
          {isOnline ? words.keys : chatText.states.offline}
        </p>
      </form>
      {asked && (
        <Suspense fallback={null}>
          <ComposerDialogs
            asked={asked}
            setUp={setUp}
            commands={commands}
            uploads={uploads}
            documents={attachments.list.filter((one) => one.state === "ready" && !one.isImage)}
            onInsert={(said) => draft.write(said)}
            onSummarise={(wanted) => {
              sending.summarise(wanted);
              attachments.remove(wanted.document.id);
            }}
            onClose={() => setAsked(null)}
            returnFocus={() => field.current}
          />
        </Suspense>
      )}
    </>
  );
}
