/** How a model is, in one word; a change of it is spoken. */
import type { Model } from "../../api/models";
import { isHosted, isOnItsWay } from "../../lib/modelStatus";
import { asSentence } from "../../lib/problem";
import { modelText } from "../../lib/words/models";
import { Badge } from "../../ui/Badge";

const LOOKS: Record<string, "good" | "bad"> = { InService: "good", Stopped: "bad", Failed: "bad" };

export function StatusBadge({ model }: { model: Model }) {
  const isResting = isHosted(model) && model.status === "Stopped";
  return (
    <span className={`inline-flex ${isOnItsWay(model) ? "motion-safe:animate-pulse" : ""}`}>
      <Badge look={isResting ? "plain" : LOOKS[model.status]}>{statusWord(model)}</Badge>
    </span>
  );
}

export function statusWord(model: Model): string {
  const hosted = isHosted(model) ? modelText.hostedStatuses[model.status] : undefined;
  return hosted ?? modelText.statuses[model.status] ?? model.status;
}

/** Why it is as it is, and what helps. */
export function Reason({ model }: { model: Model }) {
  if (!model.reason) return null;
  const look = model.status === "Failed" ? "text-destructive" : "text-muted-foreground";
  return (
    <p className={`text-sm ${look}`}>
      {modelText.reason(asSentence(model.reason), asSentence(model.nextStep))}
    </p>
  );
}
