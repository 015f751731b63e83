/** Prompts of the library: a persona for the session, a directive for the next message. */
import { useState } from "react";
import { type Prompt, usePromptChoices } from "../../../api/prompts";
import type { Persona } from "../../../chat/turnBody";
import { asProblem, sentence } from "../../../lib/problem";
import { text } from "../../../lib/strings";
import { chatText } from "../../../lib/words/chat";
import { Button } from "../../../ui/Button";
import { Dialog, DialogActions } from "../../../ui/Dialog";
import { TextField } from "../../../ui/fields";
import { Loading } from "../../../ui/states";

const words = chatText.prompts;

interface Props {
  find: string;
  persona: Persona | null;
  onPersona: (persona: Persona | null) => void;
  onInsert: (said: string) => void;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function PromptsDialog({ find, persona, onPersona, onInsert, onClose, returnFocus }: Props) {
  const [wanted, setWanted] = useState(find);
  const { data, error, isPending } = usePromptChoices();
  const found = (data ?? []).filter(({ title }) => includes(title, wanted));
  const choose = (prompt: Prompt) => {
    if (prompt.type === "directive") onInsert(prompt.body);
    else onPersona({ id: prompt.id, title: prompt.title, body: prompt.body });
    onClose();
  };
  return (
    <Dialog
      title={words.title}
      description={words.intro}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <TextField label={words.find} value={wanted} onChange={setWanted} />
      {isPending && <Loading />}
      {error && <p className="mt-2 text-sm text-destructive">{sentence(asProblem(error))}</p>}
      {data && found.length === 0 && (
        <p className="mt-3 text-sm text-muted-foreground">{words.none}</p>
      )}
      <ul aria-label={words.title} className="mt-3 flex max-h-72 flex-col gap-1 overflow-y-auto">
        {found.map((prompt) => (
          <li key={prompt.id}>
            <button
              type="button"
              aria-pressed={prompt.type === "persona" ? prompt.id === persona?.id : undefined}
              onClick={() => choose(prompt)}
              className="w-full cursor-pointer rounded-lg border px-3 py-2 text-left text-sm hover:bg-muted aria-pressed:border-primary"
            >
              <span className="font-medium">{prompt.title}</span>{" "}
              <span className="text-xs text-muted-foreground">{words.types[prompt.type]}</span>
              <span className="block truncate text-xs text-muted-foreground">{prompt.body}</span>
            </button>
          </li>
        ))}
      </ul>
      <DialogActions>
        {persona && <Button onClick={() => onPersona(null)}>{chatText.composer.noPersona}</Button>}
        <Button onClick={onClose}>{text.close}</Button>
      </DialogActions>
    </Dialog>
  );
}

const includes = (title: string, wanted: string) =>
  title.toLowerCase().includes(wanted.trim().toLowerCase());
