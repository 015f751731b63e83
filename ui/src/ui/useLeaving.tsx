/** Asks before somebody leaves what they have filled in and not saved. */
import { useBlocker } from "@tanstack/react-router";
import { type ReactNode, useRef } from "react";
import { leavingText as words } from "../lib/words/leaving";
import { Confirm } from "./Confirm";

/** Whoever has saved goes on with `ignoreBlocker`, so that nothing is asked. */
export function useLeaving(isUnsaved: boolean): ReactNode {
  const before = useRef<HTMLElement | null>(null);
  const leaving = useBlocker({
    shouldBlockFn: () => {
      before.current = document.activeElement as HTMLElement | null;
      return true;
    },
    enableBeforeUnload: true,
    disabled: !isUnsaved,
    withResolver: true,
  });
  if (leaving.status !== "blocked") return null;
  return (
    <Confirm
      words={words}
      body={words.body}
      error={null}
      isPending={false}
      onConfirm={leaving.proceed}
      onClose={leaving.reset}
      returnFocus={() => before.current}
    />
  );
}
