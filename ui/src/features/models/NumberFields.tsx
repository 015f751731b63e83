/** What is seldom set: prices, limits, fallbacks, timeouts. */
import type { ReactNode } from "react";
import { modelText } from "../../lib/words/models";
import { TextField } from "../../ui/fields";
import { type Fields, LIMITS, PRICES, TIMEOUTS } from "./fields";

const words = modelText.form;

interface Props {
  fields: Fields;
  onChange: (some: Partial<Fields>) => void;
}

export function PriceFields({ fields, onChange }: Props) {
  return (
    <Folded title={words.prices} hint={words.pricesHint}>
      {PRICES.map((name) => (
        <TextField
          key={name}
          {...AMOUNT}
          label={words[name]}
          value={fields.prices[name]}
          onChange={(price) => onChange({ prices: { ...fields.prices, [name]: price } })}
        />
      ))}
    </Folded>
  );
}

export function LimitFields({ fields, onChange }: Props) {
  return (
    <Folded title={words.limits} hint={words.limitsHint}>
      {LIMITS.map((name) => (
        <TextField
          key={name}
          {...(name.startsWith("budget") ? AMOUNT : WHOLE)}
          label={words[name]}
          value={fields.limits[name]}
          onChange={(limit) => onChange({ limits: { ...fields.limits, [name]: limit } })}
        />
      ))}
      <TextField
        {...WHOLE}
        label={words.contextWindow}
        value={fields.contextWindow}
        onChange={(contextWindow) => onChange({ contextWindow })}
      />
      <TextField
        {...WHOLE}
        label={words.maxTokens}
        value={fields.maxTokens}
        onChange={(maxTokens) => onChange({ maxTokens })}
      />
    </Folded>
  );
}

export function MoreFields({ fields, onChange }: Props) {
  return (
    <Folded title={words.more} hint={words.timeoutsHint}>
      <TextField
        label={words.fallbacks}
        hint={words.fallbacksHint}
        value={fields.fallbacks}
        onChange={(fallbacks) => onChange({ fallbacks })}
      />
      {TIMEOUTS.map((name) => (
        <TextField
          key={name}
          {...AMOUNT}
          label={words[name]}
          value={fields.timeouts[name]}
          onChange={(seconds) => onChange({ timeouts: { ...fields.timeouts, [name]: seconds } })}
        />
      ))}
      <TextField
        {...WHOLE}
        min={0}
        max={86_400}
        label={words.cacheSeconds}
        value={fields.cacheSeconds}
        onChange={(cacheSeconds) => onChange({ cacheSeconds })}
      />
    </Folded>
  );
}

const AMOUNT = { type: "number", inputMode: "decimal", min: 0, step: "any" } as const;
const WHOLE = { type: "number", inputMode: "numeric", min: 1, step: 1 } as const;

interface FoldedProps {
  title: string;
  hint: string;
  children: ReactNode;
}

function Folded({ title, hint, children }: FoldedProps) {
  return (
    <details className="rounded-xl border bg-card px-4 py-3 text-sm">
      <summary className="cursor-pointer font-medium">{title}</summary>
      <p className="mt-2 text-xs text-muted-foreground">{hint}</p>
      <div className="mt-3 grid grid-cols-1 gap-4 sm:grid-cols-2">{children}</div>
    </details>
  );
}
