/** Where one can go, and who is signed in; what a role can't do isn't here. */
import { Link, type LinkProps } from "@tanstack/react-router";
import { type ComponentProps, lazy, Suspense } from "react";
import { type Me, useMe } from "../api/identity";
import { type UiConfig, useConfig } from "../lib/config";
import { text } from "../lib/strings";
import { Icon } from "../ui/icons";

const AccountMenu = lazy(() => import("./AccountMenu"));

const LINK =
  "flex min-h-9 items-center gap-2.5 rounded-lg px-3 text-sm hover:bg-muted " +
  "data-[status=active]:bg-muted data-[status=active]:font-semibold";

interface Place {
  to: LinkProps["to"];
  name: string;
  icon: ComponentProps<typeof Icon>["name"];
}

export function Navigation({ onLeave }: { onLeave?: () => void }) {
  const config = useConfig();
  const { data: me } = useMe(true);
  if (!me) return null;
  const administration = administrationOf(me, config);
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-6">
      <nav
        aria-label={text.navigation.label}
        className="-mx-1 flex min-h-0 flex-col gap-1 overflow-y-auto p-1"
      >
        <Places places={placesOf(me)} onLeave={onLeave} />
        {administration.length > 0 && (
          <>
            <p className="mt-4 px-3 text-xs text-muted-foreground">
              {text.navigation.administration}
            </p>
            <Places places={administration} onLeave={onLeave} />
          </>
        )}
      </nav>
      <div className="mt-auto border-t pt-3">
        <Suspense fallback={<p className="truncate px-3 py-2 text-sm font-medium">{me.subject}</p>}>
          <AccountMenu me={me} />
        </Suspense>
      </div>
    </div>
  );
}

function placesOf(me: Me): Place[] {
  const words = text.navigation;
  const places: Place[] = [
    { to: "/sessions", name: words.sessions, icon: "chat" },
    { to: "/playground", name: words.playground, icon: "play" },
    { to: "/usage", name: words.usage, icon: "chart" },
  ];
  if (me.may_make_tokens) places.push({ to: "/tokens", name: words.tokens, icon: "key" });
  return places;
}

function administrationOf(me: Me, config: UiConfig): Place[] {
  const words = text.navigation;
  if (!me.admin) return [];
  const users: Place = { to: "/admin/users", name: words.users, icon: "people" };
  return [
    { to: "/admin/models", name: words.models, icon: "model" },
    { to: "/admin/tokens", name: words.allTokens, icon: "key" },
    ...(config.users ? [users] : []),
    { to: "/admin/configuration", name: words.configuration, icon: "switches" },
    { to: "/admin/audit", name: words.audit, icon: "record" },
  ];
}

function Places({ places, onLeave }: { places: Place[]; onLeave?: () => void }) {
  return places.map(({ to, name, icon }) => (
    <Link key={name} to={to} className={LINK} onClick={onLeave}>
      <Icon name={icon} />
      {name}
    </Link>
  ));
}
