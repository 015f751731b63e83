/** How far an answer is, where it isn't simply there. */
import { useEffect, useState } from "react";
import { useLiveModel } from "../../../api/models";
import type { Message } from "../../../chat/messages";
import { isHosted } from "../../../lib/modelStatus";
import { asSentence } from "../../../lib/problem";
import { chatText } from "../../../lib/words/chat";
import { Button } from "../../../ui/Button";
import { useOpenChat } from "../chatContext";

const words = chatText.states;
const WAKING_MS = 10_000;
const STALLED_MS = 15_000;
const AGAIN_MS = 3_000;

interface Props {
  message: Message;
  onRetry?: () => void;
}

export function MessageState({ message, onRetry }: Props) {
  const isStalled = useSilent(message, STALLED_MS);
  const waking = useWaking(message);
  if (message.state === "done" && !FAILURES.has(message.facts?.status ?? "")) return null;
  const { text, isBad } = waking
    ? { text: words.waking(waking), isBad: false }
    : told(message, isStalled);
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

/** The model that has to be started before it answers, once somebody has waited for a while. */
function useWaking(message: Message): string {
  const { conversation } = useOpenChat();
  const isLong = useSilent(message, WAKING_MS) && message.state === "connecting";
  const model = isLong ? (conversation.snapshot().running?.model ?? "") : "";
  const { data } = useLiveModel(model, model !== "", AGAIN_MS);
  return model && data && isHosted(data) && data.status !== "InService" ? model : "";
}

/** Whether nothing has come for so long: a message that grew is another one. */
function useSilent(message: Message, after: number): boolean {
  const [silent, setSilent] = useState<Message | null>(null);
  const isWaiting = message.state === "connecting" || message.state === "running";
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => setSilent(message), after);
    return () => clearTimeout(timer);
  }, [message, isWaiting, after]);
  return silent === message;
}
