/** What a replica said last: read on as long as it is followed, and back when asked for. */
import { type RefObject, useLayoutEffect, useRef, useState } from "react";
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
  const { said, error, earlier } = useLog(id, replica, isFollowed);
  const { notify, announce } = useNotices();
  const box = useRef<HTMLElement>(null);
  const problem = error ?? earlier.error;
  const copy = async () =>
    notify((await copyText((said?.lines ?? []).join("\n"))) ? words.copied : words.notCopied);
  // Who reads what was said before doesn't want to be taken to its end.
  const goBack = () => {
    setFollowed(false);
    if (!said || earlier.isPending) return;
    earlier.mutate(said.earlier, {
      onSuccess: (page) => {
        announce(words.earlierShown(page.lines.length));
        if (!page.earlierCursor) box.current?.focus(); // the button goes away
      },
    });
  };
  return (
    <div className="mt-3 flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <CheckField label={words.follow} checked={isFollowed} onChange={setFollowed} />
        <span className="flex items-center gap-3 text-xs text-muted-foreground">
          {said && (said.earlier ? words.last : words.lines)(said.lines.length)}
          <Button disabled={!said?.lines.length} onClick={() => void copy()}>
            {words.copy}
          </Button>
        </span>
      </div>
      {Boolean(problem) && <FieldProblem error={problem} />}
      {said?.earlier && (
        <Button className="self-start" onClick={goBack}>
          {words.earlier}
        </Button>
      )}
      {said ? (
        <Lines
          box={box}
          lines={said.lines}
          label={pageText.replicas.logsOf(replica)}
          isFollowed={isFollowed}
        />
      ) : (
        !error && <Loading what={words.loading} />
      )}
    </div>
  );
}

interface LinesProps {
  box: RefObject<HTMLElement | null>;
  lines: string[];
  label: string;
  isFollowed: boolean;
}

function Lines({ box, lines, label, isFollowed }: LinesProps) {
  useScrolling(box, lines, isFollowed);
  if (lines.length === 0) return <p className="text-sm text-muted-foreground">{words.empty}</p>;
  return (
    <section
      ref={box}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus no keyboard could scroll it
      tabIndex={0}
      className="max-h-80 overflow-auto rounded-lg border bg-background p-3"
    >
      <pre className="font-mono text-xs wrap-anywhere whitespace-pre-wrap">{lines.join("\n")}</pre>
    </section>
  );
}

/** To the end as long as it is followed; else lines only come before those that are looked at. */
function useScrolling(box: LinesProps["box"], lines: string[], isFollowed: boolean) {
  const height = useRef(0);
  useLayoutEffect(() => {
    if (!box.current || lines.length === 0) return;
    const { scrollHeight, scrollTop } = box.current;
    box.current.scrollTop = isFollowed ? scrollHeight : scrollTop + scrollHeight - height.current;
    height.current = scrollHeight;
  }, [box, lines, isFollowed]);
}
