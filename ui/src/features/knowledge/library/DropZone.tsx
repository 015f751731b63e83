/** Takes files by a button, or wherever they are dropped on the page's content. */
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import type { Said } from "../../../api/useUploads";
import { knowledgeText } from "../../../lib/words/knowledge";
import { Button } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import { SaidFields } from "./SaidFields";
import { type Fields, saidOf } from "./said";

const words = knowledgeText.library;

interface Props {
  onFiles: (files: File[], said: Said) => void;
  children: ReactNode;
}

export function DropZone({ onFiles, children }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [fields, setFields] = useState<Fields>({ tags: "", facts: "" });
  const [problem, setProblem] = useState<unknown>(null);
  const take = (files: Iterable<File>) => {
    try {
      onFiles([...files], saidOf(fields));
      setProblem(null);
    } catch (error) {
      setProblem(error);
    }
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
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
            take(event.target.files ?? []);
            event.target.value = ""; // so that the same file can be chosen again
          }}
        />
        <Button look="primary" onClick={() => field.current?.click()}>
          <Icon name="plus" />
          {words.upload}
        </Button>
        <p className="text-muted-foreground">{isOver ? words.drop : words.dropOr}</p>
        <SaidFields fields={fields} problem={problem} onChange={setFields} />
      </div>
      {children}
    </div>
  );
}
