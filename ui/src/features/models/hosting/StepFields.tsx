/** What each step of making a model asks. */
import type { CatalogueEntry, Engine, HostKind } from "../../../api/hostedTypes";
import { hostingText as words } from "../../../lib/words/hosting";
import { modelText } from "../../../lib/words/models";
import { SelectField, TextField } from "../../../ui/fields";
import { EngineFields } from "./EngineFields";
import { HardwareFields } from "./HardwareFields";
import { type HostingFields, onHost } from "./hostingFields";
import { Review } from "./Review";
import { type From, SourceFields } from "./SourceFields";
import { type Draft, type Step, withType } from "./wanted";

const form = modelText.form;
const TYPES = Object.entries(modelText.types).map(([value, label]) => ({
  value: value as Draft["type"],
  label,
}));

interface Props {
  step: Step;
  draft: Draft;
  engines: Engine[];
  hosts: HostKind[];
  from: From;
  onFrom: (from: From) => void;
  onChange: (some: Partial<Draft>) => void;
  onChoose: (entry: CatalogueEntry) => void;
}

export function StepFields(props: Props) {
  const { step, draft, engines, onChange } = props;
  const changeHosting = (some: Partial<HostingFields>) =>
    onChange({ hosting: { ...draft.hosting, ...some } });
  const serving = engines.filter(({ capabilities }) => capabilities.includes(draft.type));
  if (step === "model") return <WhichModel {...props} onHosting={changeHosting} />;
  if (step === "engine")
    return (
      <EngineFields
        fields={draft.hosting}
        engines={serving.length ? serving : engines}
        onChange={changeHosting}
      />
    );
  if (step === "hardware")
    return <HardwareFields fields={draft.hosting} isNew onChange={changeHosting} />;
  if (step === "access") return <Access draft={draft} onChange={onChange} />;
  return <Review draft={draft} engines={engines} />;
}

interface WhichProps extends Props {
  onHosting: (some: Partial<HostingFields>) => void;
}

function WhichModel(props: WhichProps) {
  const { draft, engines, hosts, from, onFrom, onChoose, onChange, onHosting } = props;
  return (
    <>
      {hosts.length > 1 && (
        <SelectField
          label={words.host}
          value={draft.hosting.kind}
          options={hosts.map((value) => ({ value, label: words.hosts[value] ?? value }))}
          onChange={(kind) => onHosting(onHost(kind))}
        />
      )}
      <SourceFields
        from={from}
        onFrom={onFrom}
        fields={draft.hosting}
        onChoose={onChoose}
        onChange={onHosting}
      />
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <TextField
          label={form.id}
          hint={form.idHint}
          value={draft.id}
          onChange={(id) => onChange({ id })}
          pattern="[A-Za-z0-9][A-Za-z0-9._:\/@\-]{0,127}"
          required
        />
        <SelectField
          label={form.type}
          value={draft.type}
          options={TYPES}
          onChange={(type) => onChange(withType(draft, type, engines))}
        />
      </div>
    </>
  );
}

function Access({ draft, onChange }: Pick<Props, "draft" | "onChange">) {
  return (
    <>
      <TextField
        label={form.groups}
        hint={form.groupsHint}
        value={draft.groups}
        onChange={(groups) => onChange({ groups })}
      />
      <TextField
        label={form.description}
        value={draft.description}
        onChange={(description) => onChange({ description })}
        maxLength={2000}
      />
    </>
  );
}
