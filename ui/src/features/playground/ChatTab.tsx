/** A question to a model, and its answer as it comes. */
import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import { useApi } from "../../api/client";
import type { Answered, ChatAsked, Usable } from "../../api/gateway";
import { playgroundText } from "../../lib/words/playground";
import { Button } from "../../ui/Button";
import { Facts } from "../../ui/Facts";
import { AreaField, SelectField, TextField } from "../../ui/fields";
import { Failed } from "../../ui/states";
import { Code } from "./Code";
import { Sleep } from "./Sleep";
import { chatSnippets } from "./snippets";
import { choicesOf } from "./usePlayable";
import { type Phase, useStream } from "./useStream";

const EMPTY = { system: "", user: "", temperature: "", maxTokens: "" };
type Fields = typeof EMPTY;

export function ChatTab({ models }: { models: Usable[] }) {
  const [model, setModel] = useState(models[0]?.id ?? "");
  const [fields, setFields] = useState(EMPTY);
  const stream = useStream();
  const { gatewayUrl } = useApi();
  const asked = askedOf(model, fields);
  const sending = useRef<HTMLButtonElement>(null);
  const isReady = model !== "" && fields.user.trim() !== "";
  const send = () => isReady && stream.phase !== "answering" && stream.send(asked);
  // The button that stops goes away with what it stops.
  const stop = () => {
    stream.stop();
    sending.current?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const sendByKeys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
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
        <Sleep model={model} isWaiting={stream.phase === "answering" && !stream.answered?.said} />
        <Question fields={fields} onChange={(some) => setFields({ ...fields, ...some })} />
        <div className="flex gap-2">
          <Button ref={sending} type="submit" look="primary" disabled={!isReady}>
            {playgroundText.send}
          </Button>
          {stream.phase === "answering" && <Button onClick={stop}>{playgroundText.stop}</Button>}
        </div>
      </form>
      <Answer answered={stream.answered} phase={stream.phase} error={stream.error} />
      <Code snippets={chatSnippets(gatewayUrl, { ...asked })} />
    </div>
  );
}

function askedOf(model: string, { system, user, temperature, maxTokens }: Fields): ChatAsked {
  const behaviour = { role: "system" as const, content: system };
  return {
    model,
    messages: [...(system.trim() ? [behaviour] : []), { role: "user", content: user }],
    ...(temperature.trim() ? { temperature: Number(temperature) } : {}),
    ...(maxTokens.trim() ? { max_tokens: Number(maxTokens) } : {}),
  };
}

interface QuestionProps {
  fields: Fields;
  onChange: (some: Partial<Fields>) => void;
}

function Question({ fields, onChange }: QuestionProps) {
  return (
    <>
      <AreaField
        label={playgroundText.system}
        hint={playgroundText.systemHint}
        rows={2}
        value={fields.system}
        onChange={(system) => onChange({ system })}
      />
      <AreaField
        label={playgroundText.user}
        hint={playgroundText.keys}
        rows={4}
        value={fields.user}
        onChange={(user) => onChange({ user })}
      />
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <TextField
          label={playgroundText.temperature}
          hint={playgroundText.temperatureHint}
          type="number"
          inputMode="decimal"
          min={0}
          max={2}
          step="any"
          value={fields.temperature}
          onChange={(temperature) => onChange({ temperature })}
        />
        <TextField
          label={playgroundText.maxTokens}
          type="number"
          inputMode="numeric"
          min={1}
          step={1}
          value={fields.maxTokens}
          onChange={(maxTokens) => onChange({ maxTokens })}
        />
      </div>
    </>
  );
}

interface AnswerProps {
  answered: Answered | null;
  phase: Phase;
  error: unknown;
}

/** Plain text, whatever the model writes: nothing of it becomes part of the page. */
function Answer({ answered, phase, error }: AnswerProps) {
  if (phase === "idle") return null;
  return (
    <section aria-label={playgroundText.answer} className="flex flex-col gap-3">
      <h2 className="font-semibold">{playgroundText.answer}</h2>
      {answered?.said && (
        <p className="rounded-xl border bg-card p-4 text-sm whitespace-pre-wrap">{answered.said}</p>
      )}
      <p className="text-xs text-muted-foreground empty:hidden">{stateOf(answered, phase)}</p>
      {answered && <Facts facts={factsOf(answered)} />}
      {error != null && <Failed title={playgroundText.answerFailed} error={error} />}
    </section>
  );
}

function stateOf(answered: Answered | null, phase: Phase): string {
  if (phase === "answering")
    return answered?.said ? playgroundText.answering : playgroundText.waiting;
  if (phase === "stopped") return playgroundText.stopped;
  return answered?.finish === "length" ? playgroundText.cut : "";
}

function factsOf({ firstByteMs, totalMs, tokens }: Answered) {
  const time = (ms: number | null) => (ms === null ? "" : playgroundText.ms(ms));
  return [
    { name: playgroundText.firstByte, value: time(firstByteMs) },
    { name: playgroundText.total, value: time(totalMs) },
    {
      name: playgroundText.tokens,
      value: tokens ? playgroundText.inAndOut(tokens.prompt, tokens.completion) : "",
    },
  ];
}
