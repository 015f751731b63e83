/** The frame of every page: navigation beside it, or behind a button where the screen is narrow. */
import { Dialog } from "@base-ui/react/dialog";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useConfig } from "../lib/config";
import { text } from "../lib/strings";
import { buttonClass } from "../ui/Button";
import { MAIN_ID, mainElement } from "../ui/focus";
import { Icon } from "../ui/icons";
import { Navigation } from "./Navigation";
import { Announcement, Banner } from "./News";

export function Layout() {
  useFocusOnNewPage();
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15rem_minmax(0,1fr)] md:grid-rows-[auto_1fr]">
      <a
        href={`#${MAIN_ID}`}
        onClick={(event) => {
          // Not by address: with hash routing that would be another page.
          event.preventDefault();
          mainElement()?.focus();
        }}
        className={`${buttonClass("primary")} fixed top-2 left-2 z-30 not-focus:sr-only`}
      >
        {text.skipToContent}
      </a>
      <div className="md:col-span-2">
        <Banner />
      </div>
      <header className="sticky top-0 z-10 flex h-14 items-center justify-between border-b bg-background px-1 pr-2 md:hidden">
        <Brand />
        <Drawer />
      </header>
      <aside className="sticky top-0 hidden h-dvh flex-col gap-6 border-r bg-card p-4 md:flex">
        <Brand />
        <Navigation />
      </aside>
      <main id={MAIN_ID} tabIndex={-1} className="mx-auto w-full max-w-4xl px-4 py-6 md:px-8">
        <Announcement />
        <Outlet />
      </main>
    </div>
  );
}

function Brand() {
  const { branding } = useConfig();
  return (
    <Link
      to="/sessions"
      className="self-start rounded px-3 py-1 max-md:self-center text-lg font-bold tracking-tight"
    >
      {branding.name}
    </Link>
  );
}

function Drawer() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className={buttonClass("quiet")} aria-label={text.navigation.open}>
        <Icon name="menu" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-20 bg-backdrop" />
        <Dialog.Popup className="fixed inset-y-0 right-0 z-20 flex w-72 max-w-[85vw] flex-col gap-4 border-l bg-popover p-4">
          <div className="flex items-center justify-between">
            <Dialog.Title className="px-3 font-semibold">{text.navigation.title}</Dialog.Title>
            <Dialog.Close className={buttonClass("quiet")}>{text.close}</Dialog.Close>
          </div>
          <Navigation onLeave={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Readers of a screen learn that the page changed by focus moving to it. */
function useFocusOnNewPage() {
  // The page that is shown by now, not the one that is being gone to.
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const shown = useRef(path);
  useEffect(() => {
    const isFirst = shown.current === undefined;
    if (shown.current === path) return;
    shown.current = path;
    if (!isFirst) mainElement()?.focus({ preventScroll: true });
  }, [path]);
}
