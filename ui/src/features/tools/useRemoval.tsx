/** Asks before a tool server is removed. */
import type { ReactNode, RefObject } from "react";
import { type ToolServer, useRemoveToolServer } from "../../api/toolServers";
import { toolText } from "../../lib/words/tools";
import { Confirm } from "../../ui/Confirm";
import { useNotices } from "../../ui/Notices";
import { useQuestions } from "../../ui/useQuestions";

export type AskRemoval = (server: ToolServer, trigger: RefObject<HTMLElement | null>) => void;

export function useRemoval(): { ask: AskRemoval; question: ReactNode } {
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<"remove", ToolServer>();
  const question = asked && (
    <Removing server={asked.thing} onClose={close} onGone={closeGone} returnFocus={returnFocus} />
  );
  return { ask: (server, trigger) => ask("remove", server, trigger), question };
}

interface Props {
  server: ToolServer;
  onClose: () => void;
  onGone: () => void;
  returnFocus: () => HTMLElement | null;
}

function Removing({ server, onClose, onGone, returnFocus }: Props) {
  const remove = useRemoveToolServer(server.id);
  const { notify } = useNotices();
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notify(toolText.removed(server.name));
        onGone();
      },
    });
  return (
    <Confirm
      words={toolText.removing}
      body={toolText.removing.body(server.name)}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    />
  );
}
