/** One token: what it is called, what it may do, how long it lives. */
import { useRef } from "react";
import { type Token, useChangeToken } from "../../api/tokens";
import { asProblem, sentence } from "../../lib/problem";
import { tokenText } from "../../lib/words/tokens";
import { Badge } from "../../ui/Badge";
import { Facts } from "../../ui/Facts";
import { Menu } from "../../ui/Menu";
import { Moment } from "../../ui/Moment";
import { useNotices } from "../../ui/Notices";
import { limitsOf, scopesOf, stateOf } from "./describe";
import type { Ask } from "./useTokenQuestions";

interface Props {
  token: Token;
  showsOwner: boolean;
  onAsk: Ask;
}

export function TokenRow({ token, showsOwner, onAsk }: Props) {
  const state = stateOf(token);
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="font-medium">{token.name}</h2>
          <Badge look={state === "active" ? "good" : "bad"}>{tokenText.states[state]}</Badge>
          <Badge>{tokenText.kinds[token.kind]}</Badge>
          {token.admin && <Badge>{tokenText.admin}</Badge>}
        </div>
        <div className="mt-1.5">
          <Facts facts={factsOf(token, showsOwner)} />
        </div>
      </div>
      <Actions token={token} onAsk={onAsk} />
    </div>
  );
}

function factsOf(token: Token, showsOwner: boolean) {
  const moment = (at: string | null | undefined, otherwise: string) =>
    at ? <Moment at={at} /> : otherwise;
  return [
    { name: tokenText.owner, value: showsOwner ? token.owner : "" },
    { name: tokenText.scopes, value: scopesOf(token, showsOwner) },
    { name: tokenText.limits, value: limitsOf(token.limits) },
    { name: tokenText.created, value: moment(token.created, "") },
    { name: tokenText.expires, value: moment(token.expires, tokenText.never) },
    { name: tokenText.lastUsed, value: moment(token.last_used, tokenText.notUsed) },
    { name: tokenText.formerUntil, value: moment(token.former_until, "") },
  ];
}

function Actions({ token, onAsk }: { token: Token; onAsk: Ask }) {
  const trigger = useRef<HTMLButtonElement>(null);
  const change = useChangeToken(token.id);
  const { notify } = useNotices();

  const toggle = () =>
    change.mutate(
      { disabled: !token.disabled },
      {
        onSuccess: ({ disabled, name }) =>
          notify(disabled ? tokenText.disabled(name) : tokenText.enabled(name)),
        onError: (error) => notify(tokenText.notChanged(sentence(asProblem(error)))),
      },
    );

  return (
    <Menu
      label={tokenText.actions(token.name)}
      triggerRef={trigger}
      actions={[
        { label: tokenText.rename, onSelect: () => onAsk("rename", token, trigger) },
        { label: tokenText.rotate, onSelect: () => onAsk("rotate", token, trigger) },
        { label: token.disabled ? tokenText.enable : tokenText.disable, onSelect: toggle },
        {
          label: tokenText.revoke,
          danger: true,
          onSelect: () => onAsk("revoke", token, trigger),
        },
      ]}
    />
  );
}
