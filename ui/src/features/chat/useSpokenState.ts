/** Tells readers of a screen how the answer goes: once when it begins, once when it ends. */
import { useEffect, useRef } from "react";
import { type Message, openQuestions } from "../../chat/messages";
import { chatText } from "../../lib/words/chat";
import { useNotices } from "../../ui/Notices";

const words = chatText.status;

export function useSpokenState(isRunning: boolean, last: Message | undefined, isRefused: boolean) {
  const { announce } = useNotices();
  const was = useRef(false);
  useEffect(() => {
    if (was.current === isRunning) return;
    was.current = isRunning;
    announce(isRunning ? words.answering : ending(last, isRefused));
  }, [isRunning, last, isRefused, announce]);
}

function ending(last: Message | undefined, isRefused: boolean): string {
  if (last && openQuestions(last.parts).length > 0) return words.asking;
  const status = last?.facts?.status;
  if (status === "cancelled") return words.stopped;
  return isRefused || status === "failed" ? words.failed : words.done;
}
