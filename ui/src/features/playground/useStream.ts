/** One answer as it comes: shown in steps the eye can follow, and stopped at once. */
import { useEffect, useRef, useState } from "react";
import { type Answered, type ChatAsked, useChat } from "../../api/gateway";
import { playgroundText } from "../../lib/words/playground";
import { useNotices } from "../../ui/Notices";

const STEP_MS = 50;

export type Phase = "idle" | "answering" | "complete" | "stopped" | "failed";

export function useStream() {
  const chat = useChat();
  const { announce } = useNotices();
  const [answered, show] = useShownInSteps();
  const [phase, setPhase] = useState<Phase>("idle");
  const stopping = useRef<AbortController | null>(null);
  useEffect(() => () => stopping.current?.abort(), []);

  const send = (asked: ChatAsked) => {
    const stop = new AbortController();
    stopping.current = stop;
    show(null);
    setPhase("answering");
    announce(playgroundText.answering);
    const finish = (ended: Phase, said: string) => {
      setPhase(ended);
      announce(said);
    };
    chat.mutate(
      { asked, signal: stop.signal, onProgress: show },
      {
        onSuccess: (whole) => {
          show(whole);
          finish("complete", playgroundText.complete);
        },
        onError: () =>
          stop.signal.aborted ? finish("stopped", playgroundText.stopped) : setPhase("failed"),
      },
    );
  };
  return {
    answered,
    phase,
    error: phase === "failed" ? chat.error : null,
    send,
    stop: () => stopping.current?.abort(),
  };
}

/** Drawing each piece by itself would keep the page busy: twenty times a second is enough. */
function useShownInSteps() {
  const [shown, setShown] = useState<Answered | null>(null);
  const newest = useRef<Answered | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const show = (answered: Answered | null) => {
    newest.current = answered;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setShown(newest.current);
    }, STEP_MS);
  };
  return [shown, show] as const;
}
