/** Asks for a summary of an attached document, however long it is. */
import { useState } from "react";
import { chatText } from "../../../lib/words/chat";
import { FormDialog } from "../../../ui/FormDialog";
import { AreaField, SelectField } from "../../../ui/fields";
import type { Attachment } from "./useAttachments";

const words = chatText.summary;
const STYLES = ["concise", "overview", "own"] as const;
export type Style = (typeof STYLES)[number];

export interface Wanted {
  document: Attachment;
  style: Style;
  prompt: string;
}

interface Props {
  documents: Attachment[];
  onAsk: (wanted: Wanted) => void;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function SummaryDialog({ documents, onAsk, onClose, returnFocus }: Props) {
  const [id, setId] = useState(documents[0]?.id ?? "");
  const [style, setStyle] = useState<Style>("concise");
  const [prompt, setPrompt] = useState("");
  const document = documents.find((one) => one.id === id);
  const isReady = document !== undefined && (style !== "own" || prompt.trim() !== "");
  const ask = () => {
    if (document) onAsk({ document, style, prompt });
    onClose();
  };
  return (
    <FormDialog
      title={words.title}
      description={documents.length === 0 ? words.none : undefined}
      submit={words.begin}
      error={null}
      isPending={false}
      isReady={isReady}
      onSubmit={ask}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <SelectField
        label={words.document}
        value={id}
        options={documents.map((one) => ({ value: one.id, label: one.name }))}
        onChange={setId}
      />
      <SelectField
        label={words.style}
        value={style}
        options={STYLES.map((one) => ({ value: one, label: words.styles[one] }))}
        onChange={setStyle}
      />
      {style === "own" && <AreaField label={words.prompt} value={prompt} onChange={setPrompt} />}
    </FormDialog>
  );
}
