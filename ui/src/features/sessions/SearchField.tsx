/** What is looked for; a search begins when the fingers rest. */
import { useEffect, useState } from "react";
import { historyText } from "../../lib/words/history";

const REST_MS = 250;

export function useSearchWords() {
  const [typed, setTyped] = useState("");
  const [words, setWords] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setWords(typed.trim()), typed.trim() ? REST_MS : 0);
    return () => clearTimeout(timer);
  }, [typed]);
  return { typed, setTyped, words };
}

interface Props {
  typed: string;
  onType: (typed: string) => void;
}

export function SearchField({ typed, onType }: Props) {
  return (
    <input
      type="search"
      aria-label={historyText.search}
      placeholder={historyText.search}
      value={typed}
      maxLength={500}
      onChange={(event) => onType(event.target.value)}
      onKeyDown={(event) => event.key === "Escape" && typed && onType("")}
      className="min-h-9 w-full min-w-0 rounded-lg border border-input bg-card px-3 text-sm placeholder:text-muted-foreground"
    />
  );
}
