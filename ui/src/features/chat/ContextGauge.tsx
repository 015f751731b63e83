/** How much of the model's context the conversation fills. */
import { chatText } from "../../lib/words/chat";

const words = chatText.gauge;

export function ContextGauge({ used, all }: { used: number | null; all: number | null }) {
  if (used === null || !all) return null;
  const part = Math.min(1, used / all);
  return (
    <div
      className="flex items-center gap-2 text-xs text-muted-foreground"
      title={words.percent(part)}
    >
      <meter
        aria-label={words.label}
        min={0}
        max={all}
        high={all * 0.8}
        value={Math.min(used, all)}
        className="h-2 w-14 max-sm:w-10"
      />
      <span className="max-sm:sr-only">{words.used(used, all)}</span>
    </div>
  );
}
