/** All messages, however many: only those near the screen are drawn. */
import { type ComponentProps, type Ref, type RefObject, useLayoutEffect, useRef } from "react";
import { WindowVirtualizer, type WindowVirtualizerHandle } from "virtua";
import type { Message } from "../../chat/messages";
import { chatText } from "../../lib/words/chat";
import { MessageRow } from "./message/MessageRow";

const BELOW_HEADER = -120;
/** Rows are measured before a step of this many pixels shows them: otherwise what is read jumps. */
const AHEAD = 1_200;

/** A place in the conversation: whichever version stands there, and however it grows. */
const placeOf = ({ parentId }: Message) => `at ${parentId ?? "the root"}`;

const List = (props: ComponentProps<"ol">) => <ol aria-label={chatText.conversation} {...props} />;

interface Props {
  messages: readonly Message[];
  /** Whether all that was said earlier is here. */
  isWhole: boolean;
  /** An item to open at, as a search found it. */
  wanted?: string;
  box: (element: HTMLElement | null) => void;
  onOpened: (isAtEnd: boolean) => void;
}

export function MessageList({ messages, isWhole, wanted, box, onOpened }: Props) {
  const list = useRef<WindowVirtualizerHandle>(null);
  useOpening(list, { messages, isWhole, wanted, onOpened });
  const isShifted = useShift(messages, isWhole);
  return (
    <div ref={box} role="log" aria-live="off" aria-label={chatText.conversation}>
      <WindowVirtualizer
        ref={list as Ref<WindowVirtualizerHandle>}
        as={List as ComponentProps<typeof WindowVirtualizer>["as"]}
        item="li"
        data={messages}
        bufferSize={AHEAD}
        shift={isShifted}
      >
        {(message: Message, at) => (
          <MessageRow
            key={placeOf(message)}
            message={message}
            isLast={at === messages.length - 1}
          />
        )}
      </WindowVirtualizer>
    </div>
  );
}

interface Opening {
  messages: readonly Message[];
  isWhole: boolean;
  wanted?: string;
  onOpened: (isAtEnd: boolean) => void;
}

function useOpening(list: RefObject<WindowVirtualizerHandle | null>, opening: Opening) {
  const { messages, isWhole, wanted = "", onOpened } = opening;
  const openedAt = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (openedAt.current === wanted) return;
    const place = openingPlace(messages, isWhole, wanted);
    if (place === null) return;
    openedAt.current = wanted;
    if (place !== "end")
      list.current?.scrollToIndex(place, { align: "start", offset: BELOW_HEADER });
    onOpened(place === "end");
  }, [list, messages, isWhole, wanted, onOpened]);
}

/** At what is wanted; else where the last answer begins, or at its end while it is being written. */
function openingPlace(messages: readonly Message[], isWhole: boolean, wanted: string) {
  const at = messages.findIndex(({ entryIds }) => entryIds.includes(wanted));
  if (at >= 0) return at;
  const last = messages.at(-1);
  if (!last || (wanted && !isWhole)) return null;
  return last.role === "assistant" && last.state === "done" ? messages.length - 1 : "end";
}

/** Whether earlier messages have just been loaded: what is read stays where it is below them. */
function useShift(messages: readonly Message[], isWhole: boolean): boolean {
  const first = useRef("");
  const wasWhole = useRef(isWhole);
  const now = messages[0] ? placeOf(messages[0]) : "";
  const isShifted =
    !wasWhole.current &&
    first.current !== "" &&
    first.current !== now &&
    messages.some((message) => placeOf(message) === first.current);
  useLayoutEffect(() => {
    first.current = now;
    wasWhole.current = isWhole;
  }, [now, isWhole]);
  return isShifted;
}
