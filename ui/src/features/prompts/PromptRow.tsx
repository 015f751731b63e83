/** One prompt: what it says, and who may use it. */
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import type { Prompt } from "../../api/prompts";
import { useCreateSession } from "../../api/sessions";
import { keepDraft } from "../../lib/drafts";
import { asProblem, sentence } from "../../lib/problem";
import { promptText } from "../../lib/words/prompts";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Facts } from "../../ui/Facts";
import { Menu } from "../../ui/Menu";
import { Moment } from "../../ui/Moment";
import { useNotices } from "../../ui/Notices";
import { groupNames } from "./sharing";
import type { AskPrompt } from "./usePromptQuestions";

interface Props {
  prompt: Prompt;
  onAsk: AskPrompt;
}

export function PromptRow({ prompt, onAsk }: Props) {
  const use = useInNewSession(prompt);
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="font-medium">{prompt.title}</h2>
          <Badge>{promptText.types[prompt.type]}</Badge>
        </div>
        <p className="mt-1 line-clamp-3 text-sm whitespace-pre-wrap text-muted-foreground">
          {prompt.body}
        </p>
        <div className="mt-1.5">
          <Facts facts={factsOf(prompt)} />
        </div>
        <Button className="mt-3" onClick={use}>
          {promptText.use}
        </Button>
      </div>
      {prompt.may_change && <Actions prompt={prompt} onAsk={onAsk} />}
    </div>
  );
}

function factsOf(prompt: Prompt) {
  return [
    { name: promptText.owner, value: prompt.is_owner ? "" : prompt.owner },
    { name: promptText.sharedWith, value: groupNames(prompt).join(", ") || promptText.onlyMe },
    { name: promptText.version, value: prompt.version },
    { name: promptText.changed, value: <Moment at={prompt.changed} /> },
  ];
}

function Actions({ prompt, onAsk }: Props) {
  const trigger = useRef<HTMLButtonElement>(null);
  const ask = (what: Parameters<AskPrompt>[0]) => () => onAsk(what, prompt, trigger);
  return (
    <Menu
      label={promptText.actions(prompt.title)}
      triggerRef={trigger}
      actions={[
        { label: promptText.edit, onSelect: ask("edit") },
        { label: promptText.versions, onSelect: ask("versions") },
        { label: promptText.delete, danger: true, onSelect: ask("delete") },
      ]}
    />
  );
}

/** A persona is kept with the session; a directive waits in its field to be sent. */
function useInNewSession({ id, title, body, type }: Prompt) {
  const create = useCreateSession();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const configuration = type === "persona" ? { persona: { id, title, body } } : undefined;
  return () =>
    create.isPending ||
    create.mutate(configuration, {
      onSuccess: (session) => {
        if (type === "directive") keepDraft(session.id, { id: "", said: body });
        void navigate({ to: "/sessions/$sessionId", params: { sessionId: session.id } });
      },
      onError: (error) => notify(promptText.notUsed(sentence(asProblem(error)))),
    });
}
