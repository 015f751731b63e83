/** Where one can go, how the pages look, and who is signed in. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMe, useSignOut } from "../api/identity";
import { text } from "../lib/strings";
import { applyTheme, rememberedTheme, THEMES, type Theme } from "../lib/theme";
import { Button } from "../ui/Button";
import { Icon } from "../ui/icons";

const LINK =
  "flex min-h-9 items-center gap-2.5 rounded-lg px-3 text-sm hover:bg-muted " +
  "data-[status=active]:bg-muted data-[status=active]:font-semibold";

export function Navigation({ onLeave }: { onLeave?: () => void }) {
  return (
    <div className="flex h-full flex-col gap-6">
      <nav aria-label={text.navigation.label}>
        <Link to="/sessions" className={LINK} onClick={onLeave}>
          <Icon name="chat" />
          {text.navigation.sessions}
        </Link>
      </nav>
      <div className="mt-auto flex flex-col gap-4">
        <ThemeChoice />
        <Account />
      </div>
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
    <label className="flex flex-col gap-1 px-3 text-xs text-muted-foreground">
      {text.navigation.theme}
      <select
        value={theme}
        onChange={(event) => choose(event.target.value as Theme)}
        className="min-h-9 rounded-lg border border-input bg-card px-2 text-sm text-foreground"
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {text.navigation.themes[name]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Account() {
  const me = useMe(true);
  const signOut = useSignOut();
  if (!me.data) return null;
  return (
    <div className="flex items-center justify-between gap-2 border-t px-3 pt-4">
      <div className="min-w-0">
        <p className="truncate text-sm font-medium">{me.data.subject}</p>
        {me.data.admin && (
          <p className="text-xs text-muted-foreground">{text.navigation.administrator}</p>
        )}
      </div>
      <Button look="quiet" className="shrink-0" onClick={() => signOut.mutate()}>
        {text.navigation.signOut}
      </Button>
    </div>
  );
}
