/** The conversation above, the composer below, and what stands between them. */
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Session } from "../../api/sessions";
import type { Asking } from "../../chat/conversation";
import { usedContext } from "../../chat/facts";
import { asProblem, sentence } from "../../lib/problem";
import { chatText } from "../../lib/words/chat";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/icons";
import { useNotices } from "../../ui/Notices";
import { Failed, FieldProblem, Loading } from "../../ui/states";
import { ChatHeader } from "./ChatHeader";
import { ContextGauge } from "./ContextGauge";
import { type Chat, ChatProvider } from "./chatContext";
import { Composer } from "./composer/Composer";
import { MessageList } from "./MessageList";
import { Refused } from "./Refused";
import { UndoBar } from "./UndoBar";
import { useConversation } from "./useConversation";
import { useFollow } from "./useFollow";
import { useModelCommands } from "./useModelCommands";
import { useRemoval } from "./useRemoval";
import { type SetUp, useSetup } from "./useSetup";
import { useSpokenState } from "./useSpokenState";

interface Props {
  session: Session;
  /** An item to open at. */
  itemId?: string;
  actions: ReactNode;
}

export function OpenChat({ session, itemId, actions }: Props) {
  const opened = useConversation(session);
  const { conversation, state, refused, messages } = opened;
  const setUp = useSetup(session);
  useModelCommands(setUp);
  const [box, setBox] = useState<HTMLElement | null>(null);
  const { isAway, follow } = useFollow(box);
  const removal = useRemoval(conversation);
  const isRunning = state.running !== null;
  const last = messages.at(-1);
  const facts = messages.map((message) => message.facts).findLast(Boolean);
  useSpokenState(isRunning, last, refused !== null);

  const isThere = itemId !== undefined && state.entries.has(itemId);
  useEffect(() => {
    if (isThere) conversation.choose(itemId);
  }, [conversation, itemId, isThere]);

  const ask = useAsk(conversation, setUp, follow);
  const canAsk = !isRunning && setUp.setup.model !== "";
  const canRetry = canAsk && refused === null;
  const { remove } = removal;
  const { servers } = setUp;
  const chat = useMemo<Chat>(() => {
    const serverName = (label: string) => servers.find(({ id }) => id === label)?.name ?? label;
    return { sessionId: session.id, conversation, canAsk, canRetry, ask, remove, serverName };
  }, [session.id, conversation, canAsk, canRetry, ask, remove, servers]);
  const onOpened = useCallback((isAtEnd: boolean) => isAtEnd && follow(), [follow]);
  return (
    <ChatProvider value={chat}>
      <ChatHeader
        session={session}
        gauge={
          <ContextGauge
            used={usedContext(facts ?? undefined)}
            all={setUp.chosen?.contextWindow ?? null}
          />
        }
        actions={actions}
      />
      <div className="flex-1 py-6">
        <Notice opened={opened} />
        <MessageList messages={messages} isWhole={state.isWhole} box={setBox} onOpened={onOpened} />
      </div>
      <div className="sticky bottom-0 z-10 -mx-4 bg-background px-4 pb-3 md:-mx-8 md:px-8">
        {isAway && <ToLatest onClick={follow} />}
        <UndoBar removal={removal} />
        <Refused problem={refused} onAgain={() => void conversation.askAgain()} />
        <Composer
          setUp={setUp}
          isRunning={isRunning}
          isStopping={state.running?.isStopping ?? false}
          begunId={state.running?.responseId ?? ""}
          onStop={useStop(conversation)}
        />
      </div>
    </ChatProvider>
  );
}

/** What is said of the conversation as a whole, above it. */
function Notice({ opened }: { opened: ReturnType<typeof useConversation> }) {
  const { state, messages, failure, refresh } = opened;
  const isEmpty = messages.length === 0;
  if (failure !== null && isEmpty)
    return <Failed title={chatText.failed} error={failure} onRetry={refresh} />;
  if (failure !== null) return <FieldProblem error={failure} />;
  if (!state.isWhole)
    return <Loading what={isEmpty ? chatText.loading : chatText.loadingEarlier} />;
  if (!isEmpty) return null;
  return (
    <div className="py-16 text-center">
      <h2 className="text-xl font-semibold">{chatText.emptyTitle}</h2>
      <p className="mt-2 text-sm text-muted-foreground">{chatText.emptyBody}</p>
    </div>
  );
}

function ToLatest({ onClick }: { onClick: () => void }) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.key !== "End") return;
      event.preventDefault();
      onClick();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onClick]);
  return (
    <div className="pointer-events-none absolute inset-x-0 -top-12 flex justify-center">
      <Button
        onClick={onClick}
        aria-keyshortcuts="Alt+End"
        title="Alt+End"
        className="pointer-events-auto shadow-md"
      >
        <Icon name="down" />
        {chatText.toLatest}
      </Button>
    </div>
  );
}

/** Asks by the setup as it is at that moment, and shows what comes. */
function useAsk(conversation: Chat["conversation"], { setup, servers }: SetUp, follow: () => void) {
  const latest = useRef({ setup, servers, follow });
  latest.current = { setup, servers, follow };
  return useCallback<Chat["ask"]>(
    (asking) => {
      const { follow: toEnd, setup: now, servers: tools } = latest.current;
      const whole: Asking = { setup: now, tools, ...asking };
      if (conversation.ask(whole)) toEnd();
    },
    [conversation],
  );
}

function useStop(conversation: Chat["conversation"]) {
  const { notify } = useNotices();
  return () =>
    void conversation
      .stop()
      .catch((error) => notify(chatText.composer.stopFailed(sentence(asProblem(error)))));
}
