/** Takes in a session that was exported as JSON, or as a zip with its images and files. */
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { useImport } from "../../api/import";
import { asProblem, sentence } from "../../lib/problem";
import { sessionTitle } from "../../lib/sessionTitle";
import { historyText } from "../../lib/words/history";
import { Button } from "../../ui/Button";
import { useNotices } from "../../ui/Notices";

export function ImportButton() {
  const file = useRef<HTMLInputElement>(null);
  const imports = useImport();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const take = (chosen: File | undefined) =>
    chosen &&
    imports.mutate(chosen, {
      onSuccess: (session) => {
        notify(historyText.imported(sessionTitle(session)));
        void navigate({ to: "/sessions/$sessionId", params: { sessionId: session.id } });
      },
      onError: (error) => notify(historyText.importFailed(sentence(asProblem(error)))),
    });
  return (
    <>
      <input
        ref={file}
        type="file"
        accept=".json,.zip,application/json,application/zip"
        aria-label={historyText.import}
        className="hidden"
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <Button onClick={() => imports.isPending || file.current?.click()}>
        {imports.isPending ? historyText.importing : historyText.import}
      </Button>
    </>
  );
}
