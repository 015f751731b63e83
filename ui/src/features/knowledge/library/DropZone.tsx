/** Takes files by a button, or wherever they are dropped on the page's content. */
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { knowledgeText } from "../../../lib/words/knowledge";
import { Button } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";

const words = knowledgeText.library;

interface Props {
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

export function DropZone({ onFiles, children }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: who can't drop has the button
    <div onDragOver={over} onDragLeave={() => setOver(false)} onDrop={drop}>
      <div
        className={`mb-4 flex flex-wrap items-center gap-3 rounded-xl border border-dashed p-4 text-sm ${isOver ? "border-primary bg-muted" : "border-input"}`}
      >
        <input
          ref={field}
          type="file"
          multiple
          hidden
          aria-label={words.files}
          onChange={(event) => {
            onFiles([...(event.target.files ?? [])]);
            event.target.value = ""; // so that the same file can be chosen again
          }}
        />
        <Button look="primary" onClick={() => field.current?.click()}>
          <Icon name="plus" />
          {words.upload}
        </Button>
        <p className="text-muted-foreground">{isOver ? words.drop : words.dropOr}</p>
      </div>
      {children}
    </div>
  );
}
