/** A text as the vector that a model makes of it. */
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { useApi } from "../../api/client";
import { type Usable, useEmbedding, type Vector } from "../../api/gateway";
import { playgroundText } from "../../lib/words/playground";
import { Button } from "../../ui/Button";
import { Facts } from "../../ui/Facts";
import { AreaField, SelectField } from "../../ui/fields";
import { useNotices } from "../../ui/Notices";
import { Failed } from "../../ui/states";
import { Code } from "./Code";
import { Sleep } from "./Sleep";
import { embeddingSnippets } from "./snippets";
import { choicesOf } from "./usePlayable";

const SHOWN = 8;

export function EmbeddingsTab({ models }: { models: Usable[] }) {
  const [model, setModel] = useState(models[0]?.id ?? "");
  const [input, setInput] = useState("");
  const embedding = useEmbedding();
  const { announce } = useNotices();
  const { gatewayUrl } = useApi();
  const isReady = model !== "" && input.trim() !== "" && !embedding.isPending;
  const embed = () =>
    isReady &&
    embedding.mutate(
      { model, input },
      { onSuccess: ({ numbers }) => announce(playgroundText.embedded(numbers.length)) },
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    embed();
  };
  const sendByKeys = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) embed();
  };
  return (
    <div className="flex flex-col gap-6">
      <form onSubmit={submit} onKeyDown={sendByKeys} className="flex flex-col gap-4">
        <SelectField
          label={playgroundText.model}
          value={model}
          options={choicesOf(models)}
          onChange={setModel}
        />
        <Sleep model={model} isWaiting={embedding.isPending} />
        <AreaField
          label={playgroundText.input}
          hint={playgroundText.keys}
          value={input}
          onChange={setInput}
        />
        <Button type="submit" look="primary" className="self-start" disabled={!isReady}>
          {playgroundText.embed}
        </Button>
      </form>
      {embedding.data && <Embedded vector={embedding.data} />}
      {embedding.error && <Failed title={playgroundText.embedFailed} error={embedding.error} />}
      <Code snippets={embeddingSnippets(gatewayUrl, { model, input })} />
    </div>
  );
}

function Embedded({ vector }: { vector: Vector }) {
  const first = vector.numbers.slice(0, SHOWN).map((each) => each.toFixed(4));
  return (
    <section aria-label={playgroundText.vector} className="rounded-xl border bg-card p-4">
      <Facts
        facts={[
          { name: playgroundText.dimensions, value: String(vector.numbers.length) },
          { name: playgroundText.first, value: <code>{first.join(", ")}</code> },
          { name: playgroundText.total, value: playgroundText.ms(vector.totalMs) },
          { name: playgroundText.tokens, value: vector.tokens },
        ]}
      />
    </section>
  );
}
