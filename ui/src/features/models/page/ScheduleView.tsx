/** When this model runs by itself. */
import { useRef } from "react";
import type { Model } from "../../../api/models";
import { useSchedules } from "../../../api/schedules";
import { asSentence } from "../../../lib/problem";
import { scheduleText as words } from "../../../lib/words/schedules";
import { Button } from "../../../ui/Button";
import { Facts } from "../../../ui/Facts";
import { Moment } from "../../../ui/Moment";
import { Next } from "../schedules/SchedulesPage";
import { linesOf } from "../schedules/scheduleFields";
import { useScheduleQuestions } from "../schedules/useScheduleQuestions";

export function ScheduleView({ model }: { model: Model }) {
  const { ask, question } = useScheduleQuestions();
  const edit = useRef<HTMLButtonElement>(null);
  const remove = useRef<HTMLButtonElement>(null);
  const { scheduling } = model;
  return (
    <div className="flex flex-col gap-4 rounded-xl border bg-card p-4">
      {scheduling ? <Told model={model} /> : <p className="text-sm">{words.none}</p>}
      <div className="flex flex-wrap gap-2">
        <Button ref={edit} onClick={() => ask("edit", model, edit)}>
          {scheduling ? words.edit : words.add}
        </Button>
        {scheduling && (
          <Button ref={remove} onClick={() => ask("remove", model, remove)}>
            {words.remove}
          </Button>
        )}
      </div>
      {question}
    </div>
  );
}

function Told({ model }: { model: Model }) {
  const { data } = useSchedules();
  const known = data?.find(({ modelId }) => modelId === model.modelId);
  const next = known?.nextScheduledAction;
  const facts = [
    ...(model.scheduling ? linesOf(model.scheduling) : []),
    { name: words.zone, value: model.scheduling?.timezone },
    { name: words.next, value: next ? <Next next={next} /> : "" },
    { name: words.lastDone, value: known?.lastDone ? <Moment at={known.lastDone} /> : "" },
  ];
  return (
    <>
      <Facts facts={facts} />
      {known?.error && (
        <p className="text-sm text-destructive">
          {words.error}: {asSentence(known.error)}
        </p>
      )}
    </>
  );
}
