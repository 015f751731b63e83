/** What narrows the audit. */
import { type FormEvent, useState } from "react";
import type { Search } from "../../api/audit";
import { auditText } from "../../lib/words/audit";
import { Button } from "../../ui/Button";
import { SelectField, TextField } from "../../ui/fields";
import { asked, NO_SEARCH } from "./search";

const optionsOf = (words: Record<string, string>) => [
  { value: "", label: auditText.any },
  ...Object.keys(words).map((value) => ({ value, label: value })),
];
const VERBS = optionsOf(auditText.verbs);
const KINDS = optionsOf(auditText.kinds);

export function SearchForm({ onSearch }: { onSearch: (search: Search) => void }) {
  const [fields, setFields] = useState(NO_SEARCH);
  const change = (some: Partial<Search>) => setFields({ ...fields, ...some });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(asked(fields));
  };
  const clear = () => {
    setFields(NO_SEARCH);
    onSearch(NO_SEARCH);
  };
  return (
    <form
      aria-label={auditText.search}
      onSubmit={submit}
      className="mb-6 grid grid-cols-1 gap-4 rounded-xl border bg-card p-4 sm:grid-cols-2 lg:grid-cols-3"
    >
      <TextField
        label={auditText.actor}
        hint={auditText.actorHint}
        value={fields.actor}
        onChange={(actor) => change({ actor })}
        maxLength={128}
      />
      <SelectField
        label={auditText.verb}
        value={fields.verb}
        options={VERBS}
        onChange={(verb) => change({ verb })}
      />
      <SelectField
        label={auditText.kind}
        value={fields.kind}
        options={KINDS}
        onChange={(kind) => change({ kind })}
      />
      <TextField
        label={auditText.since}
        type="datetime-local"
        value={fields.since}
        onChange={(since) => change({ since })}
      />
      <TextField
        label={auditText.until}
        type="datetime-local"
        value={fields.until}
        onChange={(until) => change({ until })}
      />
      <div className="flex items-end gap-2">
        <Button type="submit" look="primary" className="min-h-10">
          {auditText.submit}
        </Button>
        <Button look="quiet" className="min-h-10" onClick={clear}>
          {auditText.clear}
        </Button>
      </div>
      <p className="text-xs text-muted-foreground sm:col-span-2 lg:col-span-3">
        {auditText.exportHint}
      </p>
    </form>
  );
}
