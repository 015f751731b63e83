/** One line of the audit: the deed as a sentence, and what is known about it. */
import type { Entry } from "../../api/audit";
import { auditText } from "../../lib/words/audit";
import { Badge } from "../../ui/Badge";
import { Changes } from "../../ui/Changes";
import { Facts } from "../../ui/Facts";
import { Moment } from "../../ui/Moment";

const LOOKS = { allowed: "plain", denied: "bad", failed: "bad" } as const;

export function EntryRow({ entry }: { entry: Entry }) {
  const count = entry.count ?? 1;
  return (
    <article>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h2 className="min-w-0 text-sm">
          <span className="font-medium">{entry.who || auditText.unknown}</span>{" "}
          {auditText.verbs[entry.verb] ?? entry.verb} {auditText.kinds[entry.kind] ?? entry.kind}
          {isTelling(entry) && ` ${entry.object_id}`}
        </h2>
        <Badge look={LOOKS[entry.outcome]}>{auditText.outcomes[entry.outcome]}</Badge>
        {count > 1 && <Badge>{auditText.times(count)}</Badge>}
        <span className="text-xs text-muted-foreground max-sm:w-full sm:ml-auto">
          <Moment at={entry.when} />
        </span>
      </div>
      <details className="mt-1 text-sm">
        <summary className="cursor-pointer text-xs text-muted-foreground">
          {auditText.details}
        </summary>
        <div className="mt-2 flex flex-col gap-3">
          <Facts facts={factsOf(entry)} />
          <Difference entry={entry} />
        </div>
      </details>
    </article>
  );
}

/** An id that was drawn by lot tells nobody anything; a name does. */
const isTelling = ({ object_id: id = "", who }: Entry) =>
  id !== who && !/^[a-z]+_[0-9a-f]{32}$/.test(id);

function Difference({ entry }: { entry: Entry }) {
  if (entry.before == null && entry.after == null) return null;
  return (
    <div>
      <h3 className="mb-1 text-xs font-medium">{auditText.changed}</h3>
      <Changes before={entry.before} after={entry.after} />
    </div>
  );
}

function factsOf(entry: Entry) {
  return [
    { name: auditText.what, value: entry.object_id },
    { name: auditText.reason, value: entry.reason },
    { name: auditText.how, value: howOf(entry) },
    { name: auditText.from, value: entry.ip },
    { name: auditText.request, value: entry.request_id },
  ];
}

function howOf({ how }: Entry): string {
  if (!how) return "";
  return how === "session" ? auditText.bySession : auditText.byToken(how);
}
