/** What one can do with a session, wherever it is shown. */
import { useRef } from "react";
import { type Format, useExport } from "../../api/export";
import type { Session } from "../../api/sessions";
import { asProblem, sentence } from "../../lib/problem";
import { fileName, saveFile } from "../../lib/save";
import { text } from "../../lib/strings";
import { Menu } from "../../ui/Menu";
import { useNotices } from "../../ui/Notices";
import type { Ask } from "./SessionDialogs";
import { titleOf } from "./title";

const EXTENSIONS: Record<Format, string> = { json: "json", markdown: "md" };

export function SessionMenu({ session, onAsk }: { session: Session; onAsk: Ask }) {
  const trigger = useRef<HTMLButtonElement>(null);
  const save = useSaveExport(session);
  const ask = (what: "rename" | "delete") => () => onAsk({ what, session, trigger });
  return (
    <Menu
      label={text.sessions.actions(titleOf(session))}
      triggerRef={trigger}
      actions={[
        { label: text.sessions.rename, onSelect: ask("rename") },
        { label: text.sessions.exportJson, onSelect: () => save("json") },
        { label: text.sessions.exportMarkdown, onSelect: () => save("markdown") },
        { label: text.sessions.delete, danger: true, onSelect: ask("delete") },
      ]}
    />
  );
}

function useSaveExport(session: Session) {
  const { notify } = useNotices();
  const exporting = useExport(session.id);
  return (format: Format) => {
    const name = fileName(titleOf(session), EXTENSIONS[format]);
    notify(text.sessions.exporting);
    exporting.mutate(format, {
      onSuccess: (content) => {
        saveFile(name, content);
        notify(text.sessions.exported(name));
      },
      onError: (error) => notify(text.sessions.exportFailed(sentence(asProblem(error)))),
    });
  };
}
