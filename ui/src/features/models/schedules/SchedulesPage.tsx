/** Every model that starts and stops by itself. */
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import type { Scheduled } from "../../../api/hostedTypes";
import { useSchedules } from "../../../api/schedules";
import { asSentence } from "../../../lib/problem";
import { modelText } from "../../../lib/words/models";
import { scheduleText as words } from "../../../lib/words/schedules";
import { Badge } from "../../../ui/Badge";
import { buttonClass } from "../../../ui/Button";
import { Facts } from "../../../ui/Facts";
import { Menu } from "../../../ui/Menu";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { Empty, Failed, FieldProblem, Loading } from "../../../ui/states";
import { linesOf } from "./scheduleFields";
import { useScheduleQuestions } from "./useScheduleQuestions";

export function SchedulesPage() {
  return (
    <>
      <PageHeader title={words.title} intro={words.intro} />
      <Schedules />
    </>
  );
}

function Schedules() {
  const { data, error, isPending, refetch } = useSchedules();
  const { ask, question } = useScheduleQuestions();
  if (isPending) return <Loading what={words.loading} />;
  if (!data) return <Failed title={words.failed} error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {error && <FieldProblem error={error} />}
      {data.length === 0 ? (
        <Empty title={words.emptyTitle} body={words.emptyBody}>
          <Link to="/admin/models" className={buttonClass("primary")}>
            {words.toModels}
          </Link>
        </Empty>
      ) : (
        <ul aria-label={words.label} className="divide-y rounded-xl border bg-card">
          {data.map((one) => (
            <Row key={one.modelId} one={one} onAsk={ask} />
          ))}
        </ul>
      )}
      {question}
    </>
  );
}

interface RowProps {
  one: Scheduled;
  onAsk: ReturnType<typeof useScheduleQuestions>["ask"];
}

function Row({ one, onAsk }: RowProps) {
  const trigger = useRef<HTMLButtonElement>(null);
  const { modelId, scheduling, nextScheduledAction: next } = one;
  const facts = [
    ...linesOf(scheduling),
    { name: words.zone, value: scheduling.timezone },
    { name: words.next, value: next ? <Next next={next} /> : words.nothingNext },
    { name: words.lastDone, value: one.lastDone ? <Moment at={one.lastDone} /> : "" },
  ];
  return (
    <li className="flex items-start gap-2 px-4 py-3">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="font-medium">
            <Link
              to="/admin/models/$id"
              params={{ id: modelId }}
              search={{ view: "schedule" }}
              className="rounded hover:underline"
            >
              {modelId}
            </Link>
          </h2>
          <Badge look={one.status === "Failed" ? "bad" : "plain"}>
            {modelText.statuses[one.status] ?? one.status}
          </Badge>
        </div>
        <div className="mt-1.5">
          <Facts facts={facts} />
        </div>
        {one.error && (
          <p className="mt-1.5 text-sm text-destructive">
            {words.error}: {asSentence(one.error)}
          </p>
        )}
      </div>
      <Menu
        label={modelText.actions(modelId)}
        triggerRef={trigger}
        actions={[
          { label: words.edit, onSelect: () => onAsk("edit", one, trigger) },
          { label: words.remove, danger: true, onSelect: () => onAsk("remove", one, trigger) },
        ]}
      />
    </li>
  );
}

export function Next({ next }: { next: NonNullable<Scheduled["nextScheduledAction"]> }) {
  return (
    <>
      {words.actions[next.action] ?? next.action} <Moment at={next.scheduledTime} />
    </>
  );
}
