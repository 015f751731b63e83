/** The fields of a tool server. */
import { Link } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { useMe } from "../../api/identity";
import type { ToolServer } from "../../api/toolServers";
import { text } from "../../lib/strings";
import { toolText } from "../../lib/words/tools";
import { Button, buttonClass } from "../../ui/Button";
import { AreaField, CheckField, SelectField, TextField } from "../../ui/fields";
import { type Fields, SHARINGS } from "./fields";
import { HeaderFields } from "./HeaderFields";

const words = toolText.form;
const SHARING_OPTIONS = SHARINGS.map((value) => ({ value, label: words.sharings[value] }));

interface Props {
  fields: Fields;
  onChange: (fields: Fields) => void;
  submit: string;
  isPending: boolean;
  onSubmit: () => void;
  /** What went wrong, and what to do about it. */
  children: ReactNode;
}

export function ToolServerForm({ fields, onChange, submit, isPending, onSubmit, children }: Props) {
  const { data: me } = useMe(true);
  const change = (some: Partial<Fields>) => onChange({ ...fields, ...some });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) onSubmit();
  };
  const isAdmin = me?.admin ?? false;
  return (
    <form onSubmit={send} className="flex flex-col gap-5">
      <Where fields={fields} isAdmin={isAdmin} onChange={change} />
      <HeaderFields
        legend={words.credentials}
        hint={words.credentialsHint}
        add={words.addCredential}
        isSecret
        rows={fields.credentials}
        onChange={(credentials) => change({ credentials })}
      />
      <HeaderFields
        legend={words.headers}
        hint={words.headersHint}
        add={words.addHeader}
        rows={fields.headers}
        onChange={(headers) => change({ headers })}
      />
      {isAdmin && <Sharing fields={fields} onChange={change} />}
      <CheckField
        label={words.active}
        hint={words.activeHint}
        checked={fields.active}
        onChange={(active) => change({ active })}
      />
      {children}
      <div className="flex flex-wrap justify-end gap-2 border-t pt-4">
        <Link to="/tools" className={buttonClass()}>
          {text.cancel}
        </Link>
        <Button type="submit" look="primary">
          {submit}
        </Button>
      </div>
    </form>
  );
}

interface PartProps {
  fields: Fields;
  onChange: (some: Partial<Fields>) => void;
}

function Where({ fields, isAdmin, onChange }: PartProps & { isAdmin: boolean }) {
  const kinds: ToolServer["transport"][] = isAdmin ? ["http", "sse", "stdio"] : ["http", "sse"];
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
      <TextField
        label={words.name}
        value={fields.name}
        onChange={(name) => onChange({ name })}
        maxLength={100}
        required
      />
      <TextField
        label={words.description}
        value={fields.description}
        onChange={(description) => onChange({ description })}
        maxLength={2000}
      />
      <SelectField
        label={words.transport}
        value={fields.transport}
        options={kinds.map((value) => ({ value, label: toolText.transports[value] }))}
        onChange={(transport) => onChange({ transport })}
      />
      {fields.transport === "stdio" ? (
        <AreaField
          label={words.command}
          hint={words.commandHint}
          value={fields.command}
          onChange={(command) => onChange({ command })}
          required
        />
      ) : (
        <TextField
          label={words.url}
          hint={words.urlHint}
          type="url"
          value={fields.url}
          onChange={(url) => onChange({ url })}
          maxLength={2048}
          required
        />
      )}
    </div>
  );
}

function Sharing({ fields, onChange }: PartProps) {
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
      <SelectField
        label={words.sharing}
        hint={words.sharingHint}
        value={fields.sharing}
        options={SHARING_OPTIONS}
        onChange={(sharing) => onChange({ sharing })}
      />
      {fields.sharing === "groups" && (
        <TextField
          label={words.groups}
          hint={words.groupsHint}
          value={fields.groups}
          onChange={(groups) => onChange({ groups })}
          required
        />
      )}
    </div>
  );
}
