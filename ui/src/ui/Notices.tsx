/** Short news about what just happened: spoken by screen readers and shown for a while. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";

const SHOWN_MS = 6_000;

interface Notice {
  text: string;
  quiet: boolean;
}

interface Tell {
  /** Shown and spoken. */
  notify: (text: string) => void;
  /** Spoken only: what the eye sees anyway. */
  announce: (text: string) => void;
}

const NoticesContext = createContext<Tell>({ notify: () => {}, announce: () => {} });
export const useNotices = () => useContext(NoticesContext);

export function Notices({ children }: { children: ReactNode }) {
  const [notice, setNotice] = useState<Notice>({ text: "", quiet: true });
  const notify = useCallback((text: string) => setNotice({ text, quiet: false }), []);
  const announce = useCallback((text: string) => setNotice({ text, quiet: true }), []);
  const [tell] = useState({ notify, announce });

  useEffect(() => {
    if (!notice.text) return;
    const timer = setTimeout(() => setNotice({ text: "", quiet: true }), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);

  const look = notice.quiet
    ? "sr-only"
    : "pointer-events-none fixed inset-x-4 bottom-32 z-20 mx-auto w-fit max-w-md rounded-lg bg-foreground px-4 py-2.5 text-sm text-background shadow-lg";
  return (
    <NoticesContext value={tell}>
      {children}
      <div role="status" className={look}>
        {notice.text}
      </div>
    </NoticesContext>
  );
}
