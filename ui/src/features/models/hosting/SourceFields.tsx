/** Where a model's weights lie: chosen from the catalogue, or named. */

import type { CatalogueEntry } from "../../../api/hostedTypes";
import { useCatalogue } from "../../../api/hosting";
import { hostingText as words } from "../../../lib/words/hosting";
import { modelText } from "../../../lib/words/models";
import { CheckField, TextField } from "../../../ui/fields";
import { Segments } from "../../../ui/Segments";
import { Failed, Loading } from "../../../ui/states";
import { type HostingFields, isOnAws } from "./hostingFields";

export type From = "catalogue" | "own";
const PLACES = [
  { value: "catalogue", label: words.fromCatalogue },
  { value: "own", label: words.fromElsewhere },
] as const;

interface Props {
  from: From;
  onFrom: (from: From) => void;
  fields: HostingFields;
  onChoose: (entry: CatalogueEntry) => void;
  onChange: (some: Partial<HostingFields>) => void;
}

export function SourceFields({ from, onFrom, fields, onChoose, onChange }: Props) {
  return (
    <div>
      <Segments label={words.from} value={from} options={PLACES} onChange={onFrom} />
      {from === "catalogue" ? (
        <Catalogue chosen={fields.source} onChoose={onChoose} />
      ) : (
        <WeightsFields fields={fields} onChange={onChange} />
      )}
    </div>
  );
}

export function WeightsFields({ fields, onChange }: Pick<Props, "fields" | "onChange">) {
  return (
    <div className="flex flex-col gap-4">
      <TextField
        label={words.source}
        hint={isOnAws(fields) ? words.sourceHintOnAws : words.sourceHint}
        required
        maxLength={1024}
        value={fields.source}
        onChange={(source) => onChange({ source })}
      />
      <TextField
        label={words.revision}
        hint={words.revisionHint}
        maxLength={128}
        value={fields.revision}
        onChange={(revision) => onChange({ revision })}
      />
      <CheckField
        label={words.trust}
        hint={words.trustHint}
        checked={fields.trustRemoteCode}
        onChange={(trustRemoteCode) => onChange({ trustRemoteCode })}
      />
    </div>
  );
}

interface CatalogueProps {
  chosen: string;
  onChoose: Props["onChoose"];
}

function Catalogue({ chosen, onChoose }: CatalogueProps) {
  const { data, error, isPending, refetch } = useCatalogue();
  if (isPending) return <Loading />;
  if (!data)
    return <Failed title={words.catalogueFailed} error={error} onRetry={() => void refetch()} />;
  return (
    <fieldset className="grid grid-cols-1 gap-3 sm:grid-cols-2">
      <legend className="sr-only">{words.catalogue}</legend>
      {data.map((entry) => (
        <Choice
          key={entry.id}
          entry={entry}
          isChosen={entry.id === chosen}
          onChoose={() => onChoose(entry)}
        />
      ))}
    </fieldset>
  );
}

interface ChoiceProps {
  entry: CatalogueEntry;
  isChosen: boolean;
  onChoose: () => void;
}

function Choice({ entry, isChosen, onChoose }: ChoiceProps) {
  return (
    <label className="flex cursor-pointer gap-3 rounded-xl border bg-card p-3 text-sm hover:bg-muted/50 has-checked:border-primary has-focus-visible:outline-2 has-focus-visible:outline-ring">
      <input
        type="radio"
        name="catalogue"
        required
        className="mt-1 size-4 shrink-0 accent-primary"
        checked={isChosen}
        onChange={onChoose}
      />
      <span className="min-w-0">
        <span className="block font-medium">{entry.name}</span>
        <span className="block text-xs text-muted-foreground">{entry.id}</span>
        <span className="mt-1 block text-xs">{aboutOf(entry).join(" · ")}</span>
        {entry.remark && (
          <span className="mt-1 block text-xs text-muted-foreground">{entry.remark}</span>
        )}
      </span>
    </label>
  );
}

/** What nobody has verified is said to be so. */
function aboutOf({ type, parameters, context, dimension }: CatalogueEntry): string[] {
  return [
    modelText.types[type] ?? type,
    told(parameters, words.parameters, words.unknownSize),
    told(context, words.context, words.unknownContext),
    dimension ? told(dimension, words.dimension, words.unknownDimension) : "",
  ].filter(Boolean);
}

const told = (fact: { value: number | null }, known: (n: number) => string, unknown: string) =>
  fact.value === null ? unknown : known(fact.value);
