/** A number within an answer that opens the passage it stands for. */
import { chatKnowledge } from "../../../lib/words/chatKnowledge";
import { useOpenSource } from "./SourcesContext";

export function Marker({ number }: { number: number }) {
  const open = useOpenSource();
  return (
    <button
      type="button"
      aria-label={chatKnowledge.sources.cited(number)}
      onClick={() => open(number)}
      className="min-h-6 min-w-6 cursor-pointer rounded px-1 align-baseline text-sm text-primary hover:bg-muted"
    >
      [{number}]
    </button>
  );
}
