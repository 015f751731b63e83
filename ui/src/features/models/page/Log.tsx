/** What a replica said: read on as long as it is followed. */
import { useLayoutEffect, useRef, useState } from "react";
import { useLog } from "../../../api/logs";
import { copyText } from "../../../lib/copy";
import { pageText } from "../../../lib/words/modelPage";
import { Button } from "../../../ui/Button";
import { CheckField } from "../../../ui/fields";
import { useNotices } from "../../../ui/Notices";
import { FieldProblem, Loading } from "../../../ui/states";

const words = pageText.log;

export function Log({ id, replica }: { id: string; replica: string }) {
  const [isFollowed, setFollowed] = useState(true);
  const { lines, error } = useLog(id, replica, isFollowed);
  const { notify } = useNotices();
  const copy = async () =>
    notify((await copyText((lines ?? []).join("\n"))) ? words.copied : words.notCopied);
  return (
    <div className="mt-3 flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <CheckField label={words.follow} checked={isFollowed} onChange={setFollowed} />
        <span className="flex items-center gap-3 text-xs text-muted-foreground">
          {lines && words.lines(lines.length)}
          <Button disabled={!lines?.length} onClick={() => void copy()}>
            {words.copy}
          </Button>
        </span>
      </div>
      {Boolean(error) && <FieldProblem error={error} />}
      {lines ? (
        <Lines lines={lines} label={pageText.replicas.logsOf(replica)} isFollowed={isFollowed} />
      ) : (
        !error && <Loading what={words.loading} />
      )}
    </div>
  );
}

interface LinesProps {
  lines: string[];
  label: string;
  isFollowed: boolean;
}

function Lines({ lines, label, isFollowed }: LinesProps) {
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (isFollowed && lines.length > 0 && box.current)
      box.current.scrollTop = box.current.scrollHeight;
  }, [lines, isFollowed]);
  if (lines.length === 0) return <p className="text-sm text-muted-foreground">{words.empty}</p>;
  return (
    <section
      ref={box}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus no keyboard could scroll it
      tabIndex={0}
      className="max-h-80 overflow-auto rounded-lg border bg-background p-3"
    >
      <pre className="font-mono text-xs whitespace-pre-wrap">{lines.join("\n")}</pre>
    </section>
  );
}
