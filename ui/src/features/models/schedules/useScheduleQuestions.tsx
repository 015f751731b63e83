/** The two questions about a schedule: what it should be, and whether it should go. */
import type { RefObject } from "react";
import type { Scheduling } from "../../../api/hostedTypes";
import { useRemoveSchedule } from "../../../api/schedules";
import { scheduleText as words } from "../../../lib/words/schedules";
import { Confirm } from "../../../ui/Confirm";
import { useNotices } from "../../../ui/Notices";
import { useQuestions } from "../../../ui/useQuestions";
import { ScheduleDialog } from "./ScheduleDialog";

export interface Scheduled {
  modelId: string;
  scheduling: Scheduling | null;
}

type Ask = (
  what: "edit" | "remove",
  of: Scheduled,
  trigger?: RefObject<HTMLElement | null>,
) => void;

export function useScheduleQuestions() {
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<
    "edit" | "remove",
    Scheduled
  >();
  const question = asked && (
    <>
      {asked.what === "edit" && (
        <ScheduleDialog
          id={asked.thing.modelId}
          known={asked.thing.scheduling}
          onClose={close}
          returnFocus={returnFocus}
        />
      )}
      {asked.what === "remove" && (
        <Removing
          id={asked.thing.modelId}
          onClose={close}
          onGone={closeGone}
          returnFocus={returnFocus}
        />
      )}
    </>
  );
  return { ask: ask as Ask, question };
}

interface Props {
  id: string;
  onClose: () => void;
  onGone: () => void;
  returnFocus: () => HTMLElement | null;
}

function Removing({ id, onClose, onGone, returnFocus }: Props) {
  const remove = useRemoveSchedule(id);
  const { notify } = useNotices();
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notify(words.removed(id));
        onGone();
      },
    });
  return (
    <Confirm
      words={words.removing}
      body={words.removing.body(id)}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    />
  );
}
