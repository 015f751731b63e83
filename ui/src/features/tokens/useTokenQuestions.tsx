/** The questions about a token. They belong to the page, so they outlive a revoked row. */
import { type ReactNode, type RefObject, useState } from "react";
import { type Token, useChangeToken, useRevokeToken, useRotateToken } from "../../api/tokens";
import { tokenText } from "../../lib/words/tokens";
import { Confirm } from "../../ui/Confirm";
import { FormDialog } from "../../ui/FormDialog";
import { SelectField, TextField } from "../../ui/fields";
import { useNotices } from "../../ui/Notices";
import { useQuestions } from "../../ui/useQuestions";
import { SecretDialog } from "./SecretDialog";

type What = "rename" | "rotate" | "revoke";
export type Ask = (what: What, token: Token, trigger: RefObject<HTMLElement | null>) => void;

interface QuestionProps {
  token: Token;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function useTokenQuestions(): { ask: Ask; questions: ReactNode } {
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<What, Token>();
  if (!asked) return { ask, questions: null };
  const given = { token: asked.thing, onClose: close, returnFocus };
  const dialogs = {
    rename: <Renaming {...given} />,
    rotate: <Rotating {...given} />,
    revoke: <Revoking {...given} onGone={closeGone} />,
  };
  return { ask, questions: dialogs[asked.what] };
}

function Renaming({ token, onClose, returnFocus }: QuestionProps) {
  const [name, setName] = useState(token.name);
  const change = useChangeToken(token.id);
  const { notify } = useNotices();
  const save = () =>
    change.mutate(
      { name: name.trim() },
      {
        onSuccess: (renamed) => {
          notify(tokenText.renamed(renamed.name));
          onClose();
        },
      },
    );
  return (
    <FormDialog
      title={tokenText.renaming.title}
      submit={tokenText.renaming.save}
      error={change.error}
      isPending={change.isPending}
      isReady={name.trim() !== ""}
      onSubmit={save}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <TextField
        label={tokenText.renaming.label}
        value={name}
        onChange={setName}
        required
        maxLength={128}
      />
    </FormDialog>
  );
}

const OVERLAPS = tokenText.rotating.overlaps.map(({ seconds, label }) => ({
  value: String(seconds),
  label,
}));

function Rotating({ token, onClose, returnFocus }: QuestionProps) {
  const [overlap, setOverlap] = useState("3600");
  const rotate = useRotateToken(token.id);
  const words = tokenText.rotating;
  if (rotate.data)
    return <SecretDialog issued={rotate.data} onClose={onClose} returnFocus={returnFocus} />;
  return (
    <FormDialog
      title={words.title}
      description={words.body(token.name)}
      submit={words.confirm}
      error={rotate.error}
      isPending={rotate.isPending}
      onSubmit={() => rotate.mutate(Number(overlap))}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <SelectField label={words.overlap} value={overlap} options={OVERLAPS} onChange={setOverlap} />
    </FormDialog>
  );
}

function Revoking({ token, onClose, returnFocus, onGone }: QuestionProps & { onGone: () => void }) {
  const revoke = useRevokeToken(token.id);
  const { notify } = useNotices();
  const confirm = () =>
    revoke.mutate(undefined, {
      onSuccess: () => {
        notify(tokenText.revoked(token.name));
        onGone();
      },
    });
  return (
    <Confirm
      words={tokenText.revoking}
      body={tokenText.revoking.body(token.name)}
      error={revoke.error}
      isPending={revoke.isPending}
      onConfirm={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    />
  );
}
