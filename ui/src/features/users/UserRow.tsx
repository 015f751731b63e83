/** One account: its name, groups and whether it may sign in. */
import { useRef } from "react";
import { type User, useChangeUser } from "../../api/users";
import { asProblem, sentence } from "../../lib/problem";
import { userText } from "../../lib/words/users";
import { Badge } from "../../ui/Badge";
import { Menu } from "../../ui/Menu";
import { Moment } from "../../ui/Moment";
import { useNotices } from "../../ui/Notices";
import type { Ask } from "./useUserQuestions";

export function UserRow({ user, onAsk }: { user: User; onAsk: Ask }) {
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="font-medium">{user.name}</h2>
          {user.disabled && <Badge look="bad">{userText.disabled}</Badge>}
        </div>
        <p className="text-sm">{user.groups.join(", ") || userText.noGroups}</p>
        <p className="text-xs text-muted-foreground">
          {userText.created} <Moment at={user.created} />
        </p>
      </div>
      <Actions user={user} onAsk={onAsk} />
    </div>
  );
}

function Actions({ user, onAsk }: { user: User; onAsk: Ask }) {
  const trigger = useRef<HTMLButtonElement>(null);
  const change = useChangeUser(user);
  const { notify } = useNotices();
  const toggle = () =>
    change.mutate(
      { disabled: !user.disabled },
      {
        onSuccess: ({ disabled, name }) =>
          notify(disabled ? userText.nowDisabled(name) : userText.nowEnabled(name)),
        onError: (error) => notify(userText.notChanged(sentence(asProblem(error)))),
      },
    );
  return (
    <Menu
      label={userText.actions(user.name)}
      triggerRef={trigger}
      actions={[
        { label: userText.groups, onSelect: () => onAsk("groups", user, trigger) },
        { label: userText.password, onSelect: () => onAsk("password", user, trigger) },
        { label: user.disabled ? userText.enable : userText.disable, onSelect: toggle },
        { label: userText.remove, danger: true, onSelect: () => onAsk("remove", user, trigger) },
      ]}
    />
  );
}
