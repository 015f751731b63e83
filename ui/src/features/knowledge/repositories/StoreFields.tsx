/** The first step of a repository: its name, and where its passages are kept. */
import type { StoreKind } from "../../../api/repositories";
import { type OfferedKind, useMadeKinds } from "../../../api/storeKinds";
import { repositoryText } from "../../../lib/words/repositories";
import { CheckField, SelectField, TextField } from "../../../ui/fields";
import { FieldProblem } from "../../../ui/states";
import { NameField, type PartProps } from "./FieldParts";
import { type Fields, KINDS, toldKind, type Where } from "./fields";
import { MadeStore } from "./MadeStore";
import { usualOptions } from "./storeOptions";

const words = repositoryText.form;

/** The kind that is chosen, among those that LISA can make. */
export function useOffered({ kind, serverless }: Fields): OfferedKind | undefined {
  return useMadeKinds().data?.find((one) => one.kind === kind && one.serverless === serverless);
}

export function StoreFields({ fields, onChange }: PartProps) {
  const { data: made = [], error } = useMadeKinds();
  const offered = useOffered(fields);
  const wheres: Where[] = ["own", "there", ...(made.length > 0 ? (["made"] as const) : [])];
  const take = (one: OfferedKind | undefined) =>
    one &&
    onChange({
      where: "made",
      kind: one.kind,
      serverless: one.serverless,
      options: usualOptions(one),
    });
  return (
    <>
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <TextField
          label={words.id}
          hint={words.idHint}
          required
          pattern="[a-z0-9][a-z0-9\-]{1,18}[a-z0-9]"
          value={fields.id}
          onChange={(id) => onChange({ id })}
        />
        <NameField fields={fields} onChange={onChange} />
        <SelectField
          label={words.where}
          hint={words.whereHints[fields.where]}
          value={fields.where}
          options={wheres.map((value) => ({ value, label: words.wheres[value] }))}
          onChange={(where) =>
            where === "made" ? take(offered ?? made[0]) : onChange({ where, serverless: false })
          }
        />
        {fields.where === "made" ? (
          <MadeKind made={made} fields={fields} onChange={take} />
        ) : (
          <Kind fields={fields} onChange={onChange} />
        )}
      </div>
      {error && <FieldProblem error={error} />}
      {fields.where === "there" && <There fields={fields} onChange={onChange} />}
      {fields.where === "made" && offered && (
        <MadeStore offered={offered} fields={fields} onChange={onChange} />
      )}
    </>
  );
}

function Kind({ fields, onChange }: PartProps) {
  return (
    <SelectField
      label={words.kind}
      value={fields.kind}
      options={KINDS.map((value) => ({ value, label: repositoryText.kinds[value] }))}
      onChange={(kind: StoreKind) => onChange({ kind })}
    />
  );
}

interface MadeKindProps {
  made: OfferedKind[];
  fields: Fields;
  onChange: (one: OfferedKind | undefined) => void;
}

const nameOf = ({ kind, serverless }: Pick<Fields, "kind" | "serverless">) =>
  `${kind} ${serverless}`;

function MadeKind({ made, fields, onChange }: MadeKindProps) {
  return (
    <SelectField
      label={words.kind}
      value={nameOf(fields)}
      options={made.map((one) => ({
        value: nameOf(one),
        label: toldKind(one.kind, one.serverless),
      }))}
      onChange={(name) => onChange(made.find((one) => nameOf(one) === name))}
    />
  );
}

function There({ fields, onChange }: PartProps) {
  return (
    <>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <TextField
          label={words.address}
          hint={words.addressHints[fields.kind]}
          required
          maxLength={512}
          value={fields.address}
          onChange={(address) => onChange({ address })}
        />
        <TextField
          label={words.credentials}
          hint={words.credentialsHint}
          maxLength={512}
          value={fields.credentials}
          onChange={(credentials) => onChange({ credentials })}
        />
      </div>
      {fields.kind === "opensearch" && (
        <CheckField
          label={words.isServerless}
          checked={fields.serverless}
          onChange={(serverless) => onChange({ serverless })}
        />
      )}
    </>
  );
}
