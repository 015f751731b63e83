/** Begins a session and opens it. */
import { useNavigate } from "@tanstack/react-router";
import { useCreateSession } from "../api/sessions";
import { asProblem, sentence } from "../lib/problem";
import { text } from "../lib/strings";
import { Button } from "../ui/Button";
import { Icon } from "../ui/icons";
import { useNotices } from "../ui/Notices";

export function useNewSession() {
  const create = useCreateSession();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const begin = () =>
    create.isPending ||
    create.mutate(undefined, {
      onSuccess: ({ id }) =>
        void navigate({ to: "/sessions/$sessionId", params: { sessionId: id } }),
      onError: (error) => notify(text.sessions.notCreated(sentence(asProblem(error)))),
    });
  return { begin, isPending: create.isPending };
}

interface Props {
  isShort?: boolean;
  onBegin?: () => void;
}

export function NewSession({ isShort = false, onBegin }: Props) {
  const { begin, isPending } = useNewSession();
  const start = () => {
    begin();
    onBegin?.();
  };
  return (
    <Button
      look={isShort ? "quiet" : "primary"}
      aria-label={text.sessions.create}
      title={isShort ? text.sessions.create : undefined}
      disabled={isPending}
      onClick={start}
    >
      <Icon name="plus" />
      {!isShort && text.sessions.create}
    </Button>
  );
}
