/** Why the last turn didn't begin, and the way to ask again. */
import type { Problem } from "../../lib/problem";
import { sentence } from "../../lib/problem";
import { chatText } from "../../lib/words/chat";
import { Button } from "../../ui/Button";

interface Props {
  problem: Problem | null;
  onAgain: () => void;
}

export function Refused({ problem, onAgain }: Props) {
  if (!problem) return null;
  return (
    <div
      role="alert"
      className="mb-2 flex flex-wrap items-center justify-between gap-2 rounded-lg border border-destructive/50 bg-card px-3 py-2 text-sm"
    >
      <p className="min-w-0">
        <span className="font-medium">{chatText.states.notBegun}</span> {sentence(problem)}
      </p>
      <Button onClick={onAgain}>{chatText.states.again}</Button>
    </div>
  );
}
