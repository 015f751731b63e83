/** A tool that is used: with what, by whose leave, and what came of it. */
import type { ToolPart } from "../../../chat/parts";
import type { Decision } from "../../../chat/state";
import { chatText } from "../../../lib/words/chat";
import { Badge } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import { useOpenChat } from "../chatContext";

const LOOKS = {
  running: "plain",
  done: "good",
  failed: "bad",
  asking: "bad",
  approved: "good",
  denied: "plain",
} as const;
const WAYS = ["once", "session", "always"] as const;

interface Props {
  call: ToolPart;
  /** Missing where nothing can be decided now. */
  onDecide?: (requestId: string, decision: Decision) => void;
}

export function ToolCall({ call, onDecide }: Props) {
  const words = chatText.tool;
  const { serverName } = useOpenChat();
  const isAsking = call.state === "asking";
  return (
    <div className="rounded-lg border bg-card text-sm">
      <details open={isAsking || undefined} className="px-3 py-2">
        <summary className="flex min-h-6 cursor-pointer flex-wrap items-center gap-2">
          <Icon name="tool" />
          <span className="font-medium">{words.title(call.name, serverName(call.server))}</span>
          <Badge look={LOOKS[call.state]}>{words.states[call.state]}</Badge>
        </summary>
        <Piece name={words.arguments} content={pretty(call.arguments)} />
        <Piece name={words.result} content={pretty(call.result)} />
        <Piece name={words.error} content={call.error} />
      </details>
      {isAsking && (
        <fieldset disabled={!onDecide} className="border-t px-3 py-3">
          <legend className="sr-only">{words.question(call.name)}</legend>
          <p className="mb-2">{words.question(call.name)}</p>
          <div className="flex flex-wrap gap-2">
            {WAYS.map((way) => (
              <Button
                key={way}
                look={way === "once" ? "primary" : "plain"}
                onClick={() => onDecide?.(call.id, way)}
              >
                {words[way]}
              </Button>
            ))}
            <Button look="quiet" onClick={() => onDecide?.(call.id, "deny")}>
              {words.deny}
            </Button>
          </div>
        </fieldset>
      )}
    </div>
  );
}

function Piece({ name, content }: { name: string; content: string }) {
  if (!content) return null;
  return (
    <div className="mt-2">
      <p className="text-xs text-muted-foreground">{name}</p>
      <pre className="mt-1 max-h-80 overflow-y-auto rounded bg-muted p-2 text-xs whitespace-pre-wrap">
        {content}
      </pre>
    </div>
  );
}

/** JSON is easier to read over several lines; half of it, as it comes, is shown as it is. */
function pretty(content: string): string {
  try {
    return JSON.stringify(JSON.parse(content), null, 2);
  } catch {
    return content;
  }
}
