/** What one can do with a session, wherever it is shown. */
import { useRef } from "react";
import { useSwitches } from "../../api/configuration";
import { type Exported, FORMATS, type Format, useExport } from "../../api/export";
import type { Session } from "../../api/sessions";
import { asProblem, sentence } from "../../lib/problem";
import { fileName, saveFile, saveFrom } from "../../lib/save";
import { sessionTitle } from "../../lib/sessionTitle";
import { historyText } from "../../lib/words/history";
import { Menu } from "../../ui/Menu";
import { useNotices } from "../../ui/Notices";
import type { AskSession } from "./useSessionQuestions";

const EXTENSIONS: Record<Format, string> = { json: "json", markdown: "md", zip: "zip" };
const EXPORTS: Record<Format, string> = {
  json: historyText.exportJson,
  markdown: historyText.exportMarkdown,
  zip: historyText.exportZip,
};

interface Props {
  session: Session;
  label: string;
  onAsk: AskSession;
  onDelete: (session: Session) => void;
  tabIndex?: number;
}

export function SessionMenu({ session, label, onAsk, onDelete, tabIndex }: Props) {
  const trigger = useRef<HTMLButtonElement>(null);
  const isOn = useSwitches();
  const save = useSaveExport(session);
  const ask = (what: Parameters<AskSession>[0]) => () => onAsk(what, session, trigger);
  const actions = [
    { label: historyText.rename, onSelect: ask("rename") },
    ...(isOn("projectOrganization") ? [{ label: historyText.move, onSelect: ask("move") }] : []),
    ...FORMATS.map((format) => ({ label: EXPORTS[format], onSelect: () => save(format) })),
    ...(isOn("deleteSessionHistory")
      ? [{ label: historyText.delete, danger: true, onSelect: () => onDelete(session) }]
      : []),
  ];
  return <Menu label={label} triggerRef={trigger} actions={actions} tabIndex={tabIndex} />;
}

function useSaveExport(session: Session) {
  const { notify } = useNotices();
  const exporting = useExport(session.id);
  return (format: Format) => {
    const name = fileName(sessionTitle(session), EXTENSIONS[format]);
    notify(historyText.exporting);
    exporting.mutate(format, {
      onSuccess: (content) => {
        save(name, content);
        notify(historyText.exported(name));
      },
      onError: (error) => notify(historyText.exportFailed(sentence(asProblem(error)))),
    });
  };
}

function save(name: string, content: Exported): void {
  if (content instanceof Blob) saveFile(name, content);
  else for (const address of content) saveFrom(name, address);
}
