/** Short news about what just happened: spoken by screen readers and shown for a while. */
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { text } from "../lib/strings";
import { mainElement } from "./focus";
import { Icon } from "./icons";

const SHOWN_MS = 6_000;
const OFFERED_MS = 10_000;
const FOCUS_MS = 50;

/** Something to do about the news, as long as they are shown. */
export interface Offer {
  label: string;
  onTake: () => void;
  /** Nobody took it. */
  onPass: () => void;
}

interface Notice {
  text: string;
  offer?: Offer;
}

interface Tell {
  /** Shown and spoken. */
  notify: (text: string, offer?: Offer) => void;
  /** Spoken only: what the eye sees anyway. */
  announce: (text: string) => void;
}

const NOTHING: Notice = { text: "" };
const NoticesContext = createContext<Tell>({ notify: () => {}, announce: () => {} });
export const useNotices = () => useContext(NoticesContext);

export function Notices({ children }: { children: ReactNode }) {
  const [notice, setNotice] = useState(NOTHING);
  const [announced, setAnnounced] = useState("");
  const open = useRef<Offer | undefined>(undefined);
  const [{ tell, end }] = useState(() => {
    const close = (act: (offer: Offer) => void) => {
      const offer = open.current;
      open.current = undefined;
      setNotice(NOTHING);
      if (offer) act(offer);
    };
    const notify: Tell["notify"] = (said, offer) => {
      close((former) => former.onPass());
      open.current = offer;
      setNotice({ text: said, offer });
    };
    return { tell: { notify, announce: setAnnounced }, end: close };
  });
  useEffect(() => {
    if (!announced) return;
    const timer = setTimeout(() => setAnnounced(""), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [announced]);
  useEffect(() => {
    if (!notice.text || notice.offer) return;
    const timer = setTimeout(() => setNotice(NOTHING), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);

  const { offer } = notice;
  return (
    <NoticesContext value={tell}>
      {children}
      <div role="status" className="sr-only">
        {announced}
      </div>
      <div data-offer={Boolean(offer)} className={notice.text ? `${PLACE} ${LOOK}` : "sr-only"}>
        <div role="status" className="min-w-0">
          {notice.text}
        </div>
        {offer && (
          <OfferButtons
            key={notice.text}
            label={offer.label}
            onTake={() => end((taken) => taken.onTake())}
            onPass={() => end((passed) => passed.onPass())}
          />
        )}
      </div>
    </NoticesContext>
  );
}

const PLACE = "pointer-events-none fixed inset-x-4 bottom-32 z-30 mx-auto w-fit max-w-md";
const LOOK =
  "flex items-center gap-3 rounded-lg bg-foreground px-4 py-2.5 text-sm text-background shadow-lg";
const BUTTON =
  "pointer-events-auto -my-1 inline-flex min-h-8 min-w-8 cursor-pointer items-center " +
  "justify-center rounded-md px-2 font-semibold underline outline-offset-0 focus-visible:outline-background";

const holdsFocus = (box: Element | null) => Boolean(box?.contains(document.activeElement));

interface OfferProps {
  label: string;
  onTake: () => void;
  onPass: () => void;
}

/** It takes focus, as what was asked about is gone, and stays as long as it has focus. */
function OfferButtons({ label, onTake, onPass }: OfferProps) {
  const bar = useRef<HTMLSpanElement>(null);
  const latest = useRef(onPass);
  latest.current = onPass;
  useEffect(() => {
    // A menu that is being closed gives focus away first.
    const first = setTimeout(
      () => bar.current?.querySelector("button")?.focus({ preventScroll: true }),
      FOCUS_MS,
    );
    const last = setInterval(() => holdsFocus(bar.current) || latest.current(), OFFERED_MS);
    return () => {
      clearTimeout(first);
      clearInterval(last);
    };
  }, []);
  const leave = (act: () => void) => () => {
    if (holdsFocus(bar.current)) mainElement()?.focus({ preventScroll: true });
    act();
  };
  return (
    <span ref={bar} className="flex shrink-0 items-center">
      <button type="button" className={BUTTON} onClick={leave(onTake)}>
        {label}
      </button>
      <button type="button" aria-label={text.close} className={BUTTON} onClick={leave(onPass)}>
        <Icon name="close" />
      </button>
    </span>
  );
}
