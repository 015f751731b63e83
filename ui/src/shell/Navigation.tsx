/** Where one can go, and who is signed in. */
import { Link, useRouterState } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useMe } from "../api/identity";
import { text } from "../lib/strings";
import { Icon } from "../ui/icons";
import { type Place, usePlaces } from "./places";

const AccountMenu = lazy(() => import("./AccountMenu"));

const ROW = "flex min-h-8 w-full items-center gap-2.5 rounded-lg px-3 text-sm hover:bg-muted";
const LINK = `${ROW} data-[status=active]:bg-muted data-[status=active]:font-semibold`;

interface Props {
  onLeave?: () => void;
  /** What stands between the places and the account. */
  children?: ReactNode;
}

export function Navigation({ onLeave, children }: Props) {
  const { data: me } = useMe(true);
  const { own, administration } = usePlaces();
  if (!me) return null;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      <nav
        aria-label={text.navigation.label}
        className={`-mx-1 flex min-h-0 flex-col gap-0.5 overflow-y-auto p-1 ${children ? "shrink-0 max-h-[55%]" : ""}`}
      >
        <Places places={own} onLeave={onLeave} />
        {administration.length > 0 && <Administration places={administration} onLeave={onLeave} />}
      </nav>
      {children}
      <div className="mt-auto border-t pt-2">
        <Suspense fallback={<p className="truncate px-3 py-2 text-sm font-medium">{me.subject}</p>}>
          <AccountMenu me={me} />
        </Suspense>
      </div>
    </div>
  );
}

interface PlacesProps {
  places: Place[];
  onLeave?: () => void;
}

function Places({ places, onLeave }: PlacesProps) {
  return places.map(({ to, name, icon }) => (
    <Link
      key={name}
      to={to}
      activeOptions={{ exact: to === "/" }}
      className={LINK}
      onClick={onLeave}
    >
      <Icon name={icon} />
      {name}
    </Link>
  ));
}

const KEY = "lisa.administrationShown";

/** Folded until it is wanted: the history needs the room. */
function Administration(props: PlacesProps) {
  const [kept, setKept] = useState(() => localStorage.getItem(KEY));
  const isThere = useRouterState({
    select: ({ location }) => location.pathname.startsWith("/admin"),
  });
  const isOpen = kept ? kept === "yes" : isThere;
  const toggle = () => {
    const next = isOpen ? "no" : "yes";
    localStorage.setItem(KEY, next);
    setKept(next);
  };
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={toggle}
        className={`${ROW} cursor-pointer justify-between text-xs text-muted-foreground`}
      >
        {text.navigation.administration}
        <span className={isOpen ? "rotate-90" : ""}>
          <Icon name="next" />
        </span>
      </button>
      {isOpen && <Places {...props} />}
    </>
  );
}
