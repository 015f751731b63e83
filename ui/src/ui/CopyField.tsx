/** A text to take along. */
import { useId, useRef, useState } from "react";
import { Button } from "./Button";

interface Props {
  label: string;
  value: string;
  words: { copy: string; copied: string; selected: string };
}

export function CopyField({ label, value, words }: Props) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [said, setSaid] = useState("");

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setSaid(words.copied);
    } catch {
      // Not offered on plain HTTP, or forbidden: the keyboard still can.
      field.current?.select();
      setSaid(words.selected);
    }
  };

  return (
    <div className="flex min-w-0 flex-col gap-1.5 text-sm">
      <div className="flex items-end justify-between gap-2">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <Button
          className="shrink-0"
          onClick={() => void copy()}
          aria-label={`${words.copy}: ${label}`}
        >
          {words.copy}
        </Button>
      </div>
      <textarea
        id={id}
        ref={field}
        readOnly
        value={value}
        rows={value.split("\n").length}
        className="field-sizing-content w-full resize-none rounded-lg border border-input bg-card px-3 py-2 font-mono text-xs break-all"
      />
      <p role="status" className="text-xs text-muted-foreground empty:hidden">
        {said}
      </p>
    </div>
  );
}
