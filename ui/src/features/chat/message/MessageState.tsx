/** How far an answer is, where it isn't simply there. */
import { useEffect, useState } from "react";
import type { Message } from "../../../chat/messages";
import { asSentence } from "../../../lib/problem";
import { chatText } from "../../../lib/words/chat";
import { Button } from "../../../ui/Button";

const words = chatText.states;
const STALLED_MS = 15_000;

interface Props {
  message: Message;
  onRetry?: () => void;
}

export function MessageState({ message, onRetry }: Props) {
  const isStalled = useStalled(message);
  if (message.state === "done" && !FAILURES.has(message.facts?.status ?? "")) return null;
  const { text, isBad } = told(message, isStalled);
  if (!text) return null;
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm">
      <p className={isBad ? "text-destructive" : "text-muted-foreground motion-safe:animate-pulse"}>
        {text}
      </p>
      {isBad && onRetry && <Button onClick={onRetry}>{words.again}</Button>}
    </div>
  );
}

const FAILURES = new Set(["failed", "incomplete", "cancelled"]);

function told({ state, facts }: Message, isStalled: boolean): { text: string; isBad: boolean } {
  if (state === "stopping" || state === "lost") return { text: words[state], isBad: false };
  if (isStalled) return { text: words.stalled, isBad: false };
  if (state === "connecting") return { text: words.connecting, isBad: false };
  if (state === "running") return { text: "", isBad: false };
  return { text: failure(facts), isBad: true };
}

function failure(facts: Message["facts"]): string {
  if (facts?.status === "cancelled") return words.cancelled;
  if (facts?.code === "max_output_tokens") return words.cut;
  if (facts?.code === "interrupted") return words.interrupted;
  if (facts?.status === "failed") return `${words.failed} ${asSentence(facts.message)}`;
  return words.unfinished;
}

/** Whether nothing has come for a while: a message that grew is another one. */
function useStalled(message: Message): boolean {
  const [stalled, setStalled] = useState<Message | null>(null);
  const isWaiting = message.state === "connecting" || message.state === "running";
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => setStalled(message), STALLED_MS);
    return () => clearTimeout(timer);
  }, [message, isWaiting]);
  return stalled === message;
}
