/** Who is signed in, how their pages look, and the way out. */
import { Menu as Base } from "@base-ui/react/menu";
import { lazy, Suspense, useRef, useState } from "react";
import { type Me, useIsIssuers, useSignOut } from "../api/identity";
import { useConfig } from "../lib/config";
import { asProblem, sentence } from "../lib/problem";
import { text } from "../lib/strings";
import { applyTheme, rememberedTheme, THEMES, type Theme } from "../lib/theme";
import { Icon } from "../ui/icons";
import { useNotices } from "../ui/Notices";

const PasswordDialog = lazy(() =>
  import("../features/users").then((users) => ({ default: users.PasswordDialog })),
);

const TRIGGER =
  "flex min-h-11 w-full cursor-pointer items-center justify-between gap-2 rounded-lg px-3 py-1 " +
  "text-left text-sm font-medium hover:bg-muted";
const ITEM =
  "flex min-h-9 cursor-default items-center gap-2 rounded-md px-3 text-sm outline-none " +
  "data-highlighted:bg-muted";

export default function AccountMenu({ me }: { me: Me }) {
  const [isChanging, setChanging] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const signOut = useSignOutAloud();
  const { users } = useConfig();
  const hasPassword = useIsIssuers() && users;
  return (
    <>
      <Base.Root>
        <Base.Trigger ref={trigger} aria-label={text.account.menu(me.subject)} className={TRIGGER}>
          <span className="min-w-0">
            <span className="block truncate">{me.subject}</span>
            {me.admin && (
              <span className="block text-xs font-normal text-muted-foreground">
                {text.account.administrator}
              </span>
            )}
          </span>
          <Icon name="more" />
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner className="z-30 outline-none" sideOffset={4} align="start">
            <Base.Popup className="max-h-(--available-height) w-64 max-w-[calc(100vw-2rem)] overflow-y-auto rounded-lg border bg-popover p-1 shadow-lg outline-none">
              <Person me={me} />
              <ThemeChoice />
              <div className="mt-1 border-t pt-1">
                {hasPassword && (
                  <Base.Item className={ITEM} onClick={() => setChanging(true)}>
                    {text.account.changePassword}
                  </Base.Item>
                )}
                <Base.Item className={ITEM} onClick={signOut}>
                  {text.account.signOut}
                </Base.Item>
              </div>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
      {isChanging && (
        <Suspense>
          <PasswordDialog onClose={() => setChanging(false)} returnFocus={() => trigger.current} />
        </Suspense>
      )}
    </>
  );
}

function Person({ me }: { me: Me }) {
  const groups = me.groups.length ? text.account.groups(me.groups) : text.account.noGroups;
  return (
    <div className="border-b px-3 py-2">
      <p className="text-sm font-medium">{me.subject}</p>
      <p className="text-xs text-muted-foreground">{groups}</p>
    </div>
  );
}

function ThemeChoice() {
  const [theme, setTheme] = useState(rememberedTheme);
  const choose = (chosen: Theme) => {
    applyTheme(chosen);
    setTheme(chosen);
  };
  return (
    <Base.Group className="mt-1">
      <Base.GroupLabel className="px-3 py-1 text-xs text-muted-foreground">
        {text.account.theme}
      </Base.GroupLabel>
      <Base.RadioGroup value={theme} onValueChange={choose}>
        {THEMES.map((name) => (
          <Base.RadioItem key={name} value={name} className={ITEM}>
            <span aria-hidden="true" className="w-4">
              {theme === name && "✓"}
            </span>
            {text.account.themes[name]}
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

function useSignOutAloud() {
  const signOut = useSignOut();
  const { notify } = useNotices();
  return () =>
    signOut.mutate(undefined, {
      onError: (error) => notify(text.account.signingOutFailed(sentence(asProblem(error)))),
    });
}
