/** Asks what a new token is for and may do; then shows its secret. */
import { useState } from "react";
import { type Me, useMe } from "../../api/identity";
import { useCreateToken } from "../../api/tokens";
import { tokenText } from "../../lib/words/tokens";
import { FormDialog } from "../../ui/FormDialog";
import { CheckField, SelectField, TextField } from "../../ui/fields";
import { LimitFields, ScopeFields } from "./NarrowingFields";
import { SecretDialog } from "./SecretDialog";
import { EMPTY, type Fields, LIVES, wanted } from "./wanted";

const words = tokenText.form;
const EXPIRIES = [
  ...LIVES.map((days) => ({ value: String(days), label: words.days(days) })),
  { value: "", label: words.never },
];
const KINDS = [
  { value: "user", label: words.kindUser },
  { value: "service", label: words.kindService },
] as const;

interface Props {
  isForAll: boolean;
  onClose: () => void;
}

export function NewTokenDialog({ isForAll, onClose }: Props) {
  const { data: me } = useMe(true);
  const create = useCreateToken();
  const [fields, setFields] = useState<Fields>({ ...EMPTY, kind: isForAll ? "service" : "user" });
  if (!me) return null;
  if (create.data) return <SecretDialog issued={create.data} onClose={onClose} />;

  const change = (some: Partial<Fields>) => setFields({ ...fields, ...some });
  return (
    <FormDialog
      title={words.title}
      submit={words.submit}
      error={create.error}
      isPending={create.isPending}
      isReady={fields.name.trim() !== ""}
      onSubmit={() => create.mutate(wanted(fields, me, isForAll))}
      onClose={onClose}
    >
      <TextField
        label={words.name}
        hint={words.nameHint}
        value={fields.name}
        onChange={(name) => change({ name })}
        required
        maxLength={128}
      />
      <SelectField
        label={words.kind}
        value={fields.kind}
        options={KINDS}
        onChange={(kind) => change({ kind })}
      />
      {fields.kind === "service" && (
        <ServiceFields me={me} isForAll={isForAll} fields={fields} onChange={change} />
      )}
      <SelectField
        label={words.expiry}
        value={fields.life}
        options={EXPIRIES}
        onChange={(life) => change({ life })}
      />
      <ScopeFields fields={fields} onChange={change} />
      {me.admin && (
        <CheckField
          label={words.admin}
          checked={fields.admin}
          onChange={(admin) => change({ admin })}
        />
      )}
      <LimitFields fields={fields} onChange={change} />
    </FormDialog>
  );
}

interface ServiceProps {
  me: Me;
  isForAll: boolean;
  fields: Fields;
  onChange: (some: Partial<Fields>) => void;
}

function ServiceFields({ me, isForAll, fields, onChange }: ServiceProps) {
  const mayNameAny = me.admin;
  return (
    <>
      {isForAll && (
        <TextField
          label={words.owner}
          hint={words.ownerHint}
          value={fields.owner}
          onChange={(owner) => onChange({ owner })}
          maxLength={128}
        />
      )}
      {mayNameAny ? (
        <TextField
          label={words.groups}
          hint={words.groupsHint}
          value={fields.groups}
          onChange={(groups) => onChange({ groups })}
        />
      ) : (
        <OwnGroups groups={me.groups} fields={fields} onChange={onChange} />
      )}
    </>
  );
}

interface OwnGroupsProps {
  groups: string[];
  fields: Fields;
  onChange: (some: Partial<Fields>) => void;
}

/** Nobody gives a program more than they have: their groups are all there is to choose from. */
function OwnGroups({ groups, fields, onChange }: OwnGroupsProps) {
  const chosen = fields.groups.split(",").filter(Boolean);
  const toggle = (group: string, isOn: boolean) => {
    const others = chosen.filter((each) => each !== group);
    onChange({ groups: (isOn ? [...others, group] : others).join(",") });
  };
  if (groups.length === 0) return <p className="text-sm">{words.noGroups}</p>;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-2 text-sm font-medium">{words.groups}</legend>
      {groups.map((group) => (
        <CheckField
          key={group}
          label={group}
          checked={chosen.includes(group)}
          onChange={(isOn) => toggle(group, isOn)}
        />
      ))}
    </fieldset>
  );
}
