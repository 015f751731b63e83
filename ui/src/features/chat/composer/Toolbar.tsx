/** What goes along with a message: files, the model, tools, prompts, arguments. */
import { type ReactNode, useRef } from "react";
import { text } from "../../../lib/strings";
import { chatText } from "../../../lib/words/chat";
import { chatKnowledge } from "../../../lib/words/chatKnowledge";
import { Button } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import { IconButton } from "../IconButton";
import { useOffers } from "../useOffers";
import type { SetUp } from "../useSetup";
import { ModelPicker } from "./ModelPicker";
import type { Asked } from "./useCommands";

const words = chatText.composer;

const collectionsLabel = (chosen: number) =>
  chosen > 0
    ? `${words.collections}: ${chatKnowledge.collections.chosen(chosen)}`
    : words.collections;

interface Props {
  setUp: SetUp;
  onFiles: (files: Iterable<File>) => void;
  onOpen: (what: Asked) => void;
  children: ReactNode;
}

export function Toolbar({ setUp, onFiles, onOpen, children }: Props) {
  const files = useRef<HTMLInputElement>(null);
  const { setup, models, change } = setUp;
  const offers = useOffers();
  return (
    <div className="flex flex-wrap items-center gap-1 px-2 pb-2">
      <input
        ref={files}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = ""; // so that the same file can be chosen again
        }}
      />
      {offers.files && (
        <IconButton icon="clip" name={words.attach} onClick={() => files.current?.click()} />
      )}
      {offers.prompts && (
        <IconButton icon="record" name={words.prompts} onClick={() => onOpen("prompts")} />
      )}
      {offers.tools && (
        <IconButton icon="tool" name={words.tools} onClick={() => onOpen("tools")} />
      )}
      {offers.collections && (
        <Button
          look="quiet"
          className="min-w-9 px-2"
          aria-label={collectionsLabel(setup.collections.length)}
          title={words.collections}
          onClick={() => onOpen("collections")}
        >
          <Icon name="knowledge" />
          {setup.collections.length > 0 && setup.collections.length}
        </Button>
      )}
      {offers.arguments && (
        <IconButton icon="switches" name={words.arguments} onClick={() => onOpen("arguments")} />
      )}
      <ModelPicker models={models} value={setup.model} onChange={(model) => change({ model })} />
      {setup.persona && (
        <span className="flex min-w-0 items-center rounded-full border pl-3 text-xs">
          <span className="truncate">{words.persona(setup.persona.title)}</span>
          <IconButton
            icon="close"
            name={`${words.noPersona}: ${text.close}`}
            onClick={() => change({ persona: null })}
          />
        </span>
      )}
      <div className="ml-auto">{children}</div>
    </div>
  );
}
