/** Makes a golden set of a file. */
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useAddGoldenSet } from "../../../api/evaluations";
import { Problem } from "../../../lib/problem";
import { evaluationText } from "../../../lib/words/evaluations";
import { FormDialog } from "../../../ui/FormDialog";
import { TextField } from "../../../ui/fields";
import { useNotices } from "../../../ui/Notices";

const words = evaluationText.upload;
const LARGEST = 4 * 1024 * 1024; // as the server has it

interface Props {
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function UploadGolden({ onClose, returnFocus }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState("");
  const add = useAddGoldenSet();
  const { notify } = useNotices();
  const taking = useMutation({
    mutationFn: async () => {
      if (!file) throw new Problem(0, words.choose);
      const content = await contentOf(file);
      return add.mutateAsync({ name: name.trim(), fileName: file.name, content });
    },
    onSuccess: (made) => {
      notify(evaluationText.sets.added(made.name, made.total));
      onClose();
    },
  });
  return (
    <FormDialog
      title={words.title}
      description={words.intro}
      submit={words.add}
      error={taking.error}
      isPending={taking.isPending}
      onSubmit={() => taking.mutate()}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <FileField onChange={setFile} />
      <TextField
        label={words.name}
        hint={words.nameHint}
        maxLength={100}
        value={name}
        onChange={setName}
      />
    </FormDialog>
  );
}

async function contentOf(file: File): Promise<ArrayBuffer> {
  if (file.size > LARGEST) throw new Problem(0, words.tooLarge);
  try {
    return await file.arrayBuffer();
  } catch {
    throw new Problem(0, words.notRead);
  }
}

function FileField({ onChange }: { onChange: (file: File | null) => void }) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1.5 text-sm">
      <label htmlFor={id} className="font-medium">
        {words.file}
      </label>
      <input
        id={id}
        type="file"
        accept=".jsonl,.ndjson,.json,.yaml,.yml,application/json,application/yaml"
        aria-describedby={`${id}-hint`}
        className="min-h-10 w-full min-w-0 rounded-lg border border-input bg-card p-1.5 file:mr-3 file:min-h-7 file:cursor-pointer file:rounded-md file:border-0 file:bg-muted file:px-2.5 file:text-foreground"
        onChange={(event) => onChange(event.target.files?.[0] ?? null)}
      />
      <p id={`${id}-hint`} className="text-xs text-muted-foreground">
        {words.fileHint}
      </p>
    </div>
  );
}
