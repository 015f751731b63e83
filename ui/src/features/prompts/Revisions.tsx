/** The versions of a prompt: what changed between them, and the way back. */
import { type Prompt, useRevisePrompt, useRevisions } from "../../api/prompts";
import { asProblem, sentence } from "../../lib/problem";
import { promptText } from "../../lib/words/prompts";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Changes } from "../../ui/Changes";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Moment } from "../../ui/Moment";
import { useNotices } from "../../ui/Notices";
import { PagedList } from "../../ui/PagedList";

const words = promptText.revisions;

interface Props {
  prompt: Prompt;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function Revisions({ prompt, onClose, returnFocus }: Props) {
  const list = useRevisions(prompt.id);
  const newest = list.data?.[0] ?? prompt;
  return (
    <Dialog title={words.title(prompt.title)} onClose={onClose} returnFocus={returnFocus}>
      <PagedList
        list={list}
        label={words.label}
        words={words}
        empty={null}
        keyOf={({ version }) => String(version)}
      >
        {(one, at) => <Revision one={one} before={list.data?.[at + 1]} newest={newest} />}
      </PagedList>
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          {words.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface RevisionProps {
  one: Prompt;
  before?: Prompt;
  newest: Prompt;
}

const said = ({ title, type, body, groups }: Prompt) => ({ title, type, body, groups });

function Revision({ one, before, newest }: RevisionProps) {
  const revise = useRevisePrompt(newest);
  const { notify } = useNotices();
  const restore = () =>
    revise.mutate(said(one), {
      onSuccess: ({ version }) => notify(words.restored(one.version, version)),
      onError: (error) => notify(words.notRestored(sentence(asProblem(error)))),
    });
  const isNewest = one.version === newest.version;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <h3 className="font-medium">{words.version(one.version)}</h3>
        {isNewest && <Badge look="good">{words.current}</Badge>}
        <span className="text-xs text-muted-foreground">
          <Moment at={one.changed} /> {words.by(one.changed_by)}
        </span>
      </div>
      {before ? (
        <details className="text-sm">
          <summary className="cursor-pointer rounded">{words.changes}</summary>
          <div className="mt-2">
            <Changes before={said(before)} after={said(one)} />
          </div>
        </details>
      ) : (
        <p className="line-clamp-6 text-sm whitespace-pre-wrap">{one.body}</p>
      )}
      {!isNewest && (
        <Button className="self-start" onClick={() => revise.isPending || restore()}>
          {words.restore}
        </Button>
      )}
    </div>
  );
}
