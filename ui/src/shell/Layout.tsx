/** The frame of every page: navigation and history beside it, or a button where it is narrow. */
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { text } from "../lib/strings";
import { Button, buttonClass } from "../ui/Button";
import { MAIN_ID, mainElement } from "../ui/focus";
import { Icon } from "../ui/icons";
import { Brand } from "./Brand";
import { Navigation } from "./Navigation";
import { NewSession } from "./NewSession";
import { Announcement, Banner } from "./News";
import { Overlays } from "./Overlays";
import { openPalette } from "./overlay";

const Drawer = lazy(() => import("./Drawer"));
const HistoryPanel = lazy(() =>
  import("../features/sessions").then(({ HistoryPanel: panel }) => ({ default: panel })),
);
const HISTORY_ID = "history";

export function Layout() {
  useFocusOnNewPage();
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[16rem_minmax(0,1fr)] md:grid-rows-[auto_1fr]">
      <SkipLinks />
      <div className="sticky top-0 z-20 md:col-span-2">
        <Banner />
      </div>
      <header className="sticky top-(--banner) z-10 flex h-14 items-center justify-between border-b bg-background px-1 pr-2 md:hidden">
        <Brand />
        <div className="flex shrink-0">
          <NewSession isShort />
          <DrawerButton />
        </div>
      </header>
      <Sidebar />
      <main id={MAIN_ID} tabIndex={-1} className="mx-auto w-full max-w-4xl px-4 py-6 md:px-8">
        <Announcement />
        <Outlet />
      </main>
      <Overlays />
    </div>
  );
}

function Sidebar() {
  // The page of all sessions has the same, and more room for it.
  const isItsOwnPage = usePath() === "/sessions";
  return (
    <aside className="sticky top-(--banner) hidden h-[calc(100dvh-var(--banner))] flex-col gap-3 border-r bg-card p-3 md:flex">
      <div className="flex items-center justify-between gap-1">
        <Brand />
        <Button
          look="quiet"
          className="min-w-9 px-2"
          aria-label={text.navigation.find}
          title={text.navigation.find}
          onClick={openPalette}
        >
          <Icon name="search" />
        </Button>
      </div>
      <NewSession />
      <Navigation>
        <div id={HISTORY_ID} tabIndex={-1} className="flex min-h-40 flex-1 flex-col">
          {!isItsOwnPage && (
            <Suspense>
              <HistoryPanel />
            </Suspense>
          )}
        </div>
      </Navigation>
    </aside>
  );
}

const SKIPS = [
  { to: MAIN_ID, name: text.skipToContent, place: "" },
  { to: HISTORY_ID, name: text.skipToHistory, place: "max-md:hidden" },
];

function SkipLinks() {
  return SKIPS.map(({ to, name, place }) => (
    <a
      key={to}
      href={`#${to}`}
      onClick={(event) => {
        // Not by address: with hash routing that would be another page.
        event.preventDefault();
        document.getElementById(to)?.focus();
      }}
      className={`${buttonClass("primary")} ${place} fixed top-2 left-2 z-30 not-focus:sr-only`}
    >
      {name}
    </a>
  ));
}

function DrawerButton() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        look="quiet"
        aria-label={text.navigation.open}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Icon name="menu" />
      </Button>
      {isOpen && (
        <Suspense>
          <Drawer onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

// The page that is shown by now, not the one that is being gone to.
const usePath = () => useRouterState({ select: (state) => state.resolvedLocation?.pathname });

/** Readers of a screen learn that the page changed by focus moving to it. */
function useFocusOnNewPage() {
  const path = usePath();
  const shown = useRef(path);
  useEffect(() => {
    const isFirst = shown.current === undefined;
    if (shown.current === path) return;
    shown.current = path;
    const isAsked = document.activeElement?.closest("[data-offer=true]");
    if (!isFirst && !isAsked) mainElement()?.focus({ preventScroll: true });
  }, [path]);
}
