/** Saves the changes with a reason, or says who was faster. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useChangeConfiguration, type Version } from "../../api/configuration";
import { Problem } from "../../lib/problem";
import { configurationText } from "../../lib/words/configuration";
import { Button } from "../../ui/Button";
import { Changes } from "../../ui/Changes";
import { TextField } from "../../ui/fields";
import { mainElement } from "../../ui/focus";
import { useNotices } from "../../ui/Notices";
import { FieldProblem } from "../../ui/states";
import type { Draft } from "./useDraftDocument";

interface Props {
  draft: Draft;
  newest: Version;
}

export function SaveBar({ draft, newest }: Props) {
  const [reason, setReason] = useState("");
  const save = useChangeConfiguration();
  const { notify } = useNotices();
  const button = useRef<HTMLButtonElement>(null);
  if (draft.mine.length === 0) return null;

  const isBehind = newest.version > draft.base.version;
  const wasForestalled = save.error instanceof Problem && save.error.status === 409;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isBehind || save.isPending) return;
    save.mutate(
      { version: draft.base.version, configuration: draft.document, reason },
      {
        onSuccess: ({ version }) => {
          notify(configurationText.saved(version));
          setReason("");
          discard();
        },
      },
    );
  };
  // What had focus goes away: reading goes on at the page, or at what is to be done next.
  const discard = () => {
    save.reset();
    draft.rebase(newest, false);
    mainElement()?.focus({ preventScroll: true });
  };
  const keep = () => {
    save.reset();
    draft.rebase(newest, true);
    button.current?.focus();
  };

  return (
    <form
      onSubmit={submit}
      className="bottom-0 z-10 -mx-4 mt-6 flex flex-col gap-3 border-t bg-background px-4 py-4 md:sticky md:-mx-8 md:px-8"
    >
      {isBehind && (
        <Forestalled
          base={draft.base}
          newest={newest}
          takesFocus={save.isPending || wasForestalled}
          onKeep={keep}
          onDiscard={discard}
        />
      )}
      {save.error && !(wasForestalled && isBehind) && <FieldProblem error={save.error} />}
      <div className="flex flex-wrap items-end gap-2">
        <div className="min-w-0 flex-1 basis-52">
          <TextField
            label={configurationText.reason}
            value={reason}
            onChange={setReason}
            placeholder={configurationText.reasonHint}
            maxLength={1000}
          />
        </div>
        <Button ref={button} type="submit" look="primary">
          {configurationText.save}
        </Button>
        <Button look="quiet" onClick={discard}>
          {configurationText.discard}
        </Button>
      </div>
      <p role="status" className="text-xs text-muted-foreground">
        {configurationText.unsaved(draft.mine.length)}
      </p>
    </form>
  );
}

interface ForestalledProps {
  base: Version;
  newest: Version;
  /** Whoever just tried to save reads on here; whoever is typing isn't disturbed. */
  takesFocus: boolean;
  onKeep: () => void;
  onDiscard: () => void;
}

function Forestalled({ base, newest, takesFocus, onKeep, onDiscard }: ForestalledProps) {
  const words = configurationText.conflict;
  const box = useRef<HTMLDivElement>(null);
  const [isFirst] = useState(takesFocus);
  useEffect(() => {
    if (isFirst) box.current?.focus();
  }, [isFirst]);
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      className="max-h-60 overflow-y-auto rounded-xl border border-destructive/50 bg-card p-4 text-sm"
    >
      <p className="font-semibold">{words.title}</p>
      <p className="mt-1">{words.body(newest.changed_by, newest.version)}</p>
      <h3 className="mt-2 mb-1 text-xs font-medium">{words.theirs}</h3>
      <Changes before={base.configuration} after={newest.configuration} />
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onClick={onKeep}>{words.keep}</Button>
        <Button look="quiet" onClick={onDiscard}>
          {words.discard}
        </Button>
      </div>
    </div>
  );
}
