/** What was done to a model, as it happens: the newest at the bottom. */
import { useEffect, useRef } from "react";
import type { ModelEvent } from "../../../api/hostedTypes";
import { useTimeline } from "../../../api/timeline";
import { asSentence } from "../../../lib/problem";
import { pageText } from "../../../lib/words/modelPage";
import { useNotices } from "../../../ui/Notices";
import { Failed, FieldProblem, Loading } from "../../../ui/states";

const words = pageText.timeline;
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });

export function Timeline({ id }: { id: string }) {
  const { events, error } = useTimeline(id);
  const end = useEndInSight(events?.length ?? 0);
  useSpoken(events);
  if (!events)
    return error ? <Failed title={words.failed} error={error} /> : <Loading what={words.loading} />;
  return (
    <>
      {events.length === 0 ? (
        <p className="py-6 text-sm text-muted-foreground">{words.empty}</p>
      ) : (
        <ol aria-label={words.label} className="divide-y rounded-xl border bg-card">
          {events.map((event) => (
            <Line key={event.sequence} event={event} />
          ))}
        </ol>
      )}
      {Boolean(error) && <FieldProblem error={error} />}
      <div ref={end} />
    </>
  );
}

function Line({ event }: { event: ModelEvent }) {
  const isBad = event.phase === "failed";
  return (
    <li className="flex flex-wrap gap-x-4 gap-y-1 px-4 py-2.5 text-sm">
      <time dateTime={event.at} className="shrink-0 text-xs leading-5 text-muted-foreground">
        {moment.format(new Date(event.at))}
      </time>
      <div className="min-w-0 flex-1 max-sm:basis-full">
        <p className={isBad ? "text-destructive" : ""}>
          <span className="font-medium">{titleOf(event)}</span>{" "}
          <span className="text-xs text-muted-foreground">
            {words.phases[event.phase] ?? event.phase}
          </span>
        </p>
        {event.words && <p>{asSentence(event.words)}</p>}
        {event.cause && (
          <p className="text-muted-foreground">
            {words.cause}: {asSentence(event.cause)}
          </p>
        )}
        {event.nextStep && (
          <p className="text-muted-foreground">
            {words.next}: {asSentence(event.nextStep)}
          </p>
        )}
      </div>
    </li>
  );
}

function titleOf({ workflow, step }: ModelEvent): string {
  const known = words.workflows[workflow] ?? workflow;
  return [known, step].filter(Boolean).join(": ");
}

const NEAR = 120;

/** Whoever reads at the end goes on seeing it; whoever reads further up isn't moved. */
function useEndInSight(count: number) {
  const end = useRef<HTMLDivElement>(null);
  const before = useRef(0);
  useEffect(() => {
    const isNew = before.current > 0 && count > before.current;
    before.current = count;
    const place = end.current?.getBoundingClientRect().top ?? 0;
    if (isNew && place < window.innerHeight + NEAR)
      end.current?.scrollIntoView?.({ block: "nearest" });
  }, [count]);
  return end;
}

/** What is new is spoken, not what was there when the page opened. */
function useSpoken(events: ModelEvent[] | null) {
  const { announce } = useNotices();
  const known = useRef<number | null>(null);
  useEffect(() => {
    if (!events) return;
    const last = events.at(-1);
    if (known.current !== null && last && last.sequence > known.current)
      announce(`${titleOf(last)} ${words.phases[last.phase] ?? last.phase}. ${last.words}`);
    known.current = last?.sequence ?? 0;
  }, [events, announce]);
}
