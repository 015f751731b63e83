/** Who did what, and what was refused: searched, read, taken along. */
import { useState } from "react";
import {
  type Entry,
  type FileFormat,
  type Search,
  useAudit,
  useAuditExport,
} from "../../api/audit";
import { asProblem, sentence } from "../../lib/problem";
import { saveFile } from "../../lib/save";
import { auditText } from "../../lib/words/audit";
import { Button } from "../../ui/Button";
import { useNotices } from "../../ui/Notices";
import { PagedList } from "../../ui/PagedList";
import { PageHeader } from "../../ui/PageHeader";
import { Empty } from "../../ui/states";
import { EntryRow } from "./EntryRow";
import { SearchForm } from "./SearchForm";
import { NO_SEARCH } from "./search";

export function AuditPage() {
  const [search, setSearch] = useState(NO_SEARCH);
  return (
    <>
      <PageHeader title={auditText.title} intro={auditText.intro}>
        <Export search={search} />
      </PageHeader>
      <SearchForm onSearch={setSearch} />
      <Entries key={JSON.stringify(search)} search={search} />
    </>
  );
}

function Entries({ search }: { search: Search }) {
  const list = useAudit(search);
  return (
    <PagedList
      list={list}
      label={auditText.title}
      words={auditText}
      empty={<Empty title={auditText.emptyTitle} body={auditText.emptyBody} />}
      keyOf={idOf}
    >
      {(entry) => <EntryRow entry={entry} />}
    </PagedList>
  );
}

const idOf = (entry: Entry) => entry.id;

function Export({ search }: { search: Search }) {
  const exporting = useAuditExport();
  const { notify } = useNotices();
  const save = (format: FileFormat) => {
    const name = `audit.${format}`;
    notify(auditText.exporting);
    exporting.mutate(
      { search, format },
      {
        onSuccess: (content) => {
          saveFile(name, content);
          notify(auditText.exported(name));
        },
        onError: (error) => notify(auditText.exportFailed(sentence(asProblem(error)))),
      },
    );
  };
  const button = (format: FileFormat) => (
    <Button onClick={() => save(format)} disabled={exporting.isPending}>
      {auditText[format]}
    </Button>
  );
  return (
    <div className="flex flex-wrap gap-2">
      {button("csv")}
      {button("jsonl")}
    </div>
  );
}
