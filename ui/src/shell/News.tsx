/** What administrators tell everybody: a banner on every page, an announcement until it is dismissed. */
import { useState } from "react";
import { useConfiguration } from "../api/configuration";
import { valueAt } from "../lib/diff";
import { text } from "../lib/strings";
import { Button } from "../ui/Button";

const KEY = "lisa.dismissed";

export function Banner() {
  const { data } = useConfiguration();
  const banner = partOf(data?.configuration, "systemBanner");
  if (!banner.isEnabled || !banner.text) return null;
  return (
    <section
      ref={keepHeight}
      aria-label={text.news.banner}
      className="bg-foreground px-4 py-1.5 text-center text-sm font-medium text-background"
      style={{
        color: String(banner.textColor || ""),
        backgroundColor: String(banner.backgroundColor || ""),
      }}
    >
      {String(banner.text)}
    </section>
  );
}

/** What else stays at the top of the screen stays below the banner. */
function keepHeight(banner: HTMLElement) {
  const { style } = document.documentElement;
  const sizes = new ResizeObserver(() => style.setProperty("--banner", `${banner.offsetHeight}px`));
  sizes.observe(banner);
  return () => {
    sizes.disconnect();
    style.removeProperty("--banner");
  };
}

export function Announcement() {
  const { data } = useConfiguration();
  const [dismissed, setDismissed] = useState(() => localStorage.getItem(KEY));
  const { isEnabled, message } = partOf(data?.configuration, "announcement");
  if (!isEnabled || !message || dismissed === message) return null;

  const dismiss = () => {
    localStorage.setItem(KEY, String(message));
    setDismissed(String(message));
  };
  return (
    <section
      aria-label={text.news.announcement}
      className="mb-6 flex flex-wrap items-center justify-end gap-3 rounded-xl border border-primary/50 bg-card p-4 text-sm"
    >
      <p className="min-w-0 flex-1 basis-60 whitespace-pre-wrap">{String(message)}</p>
      <Button look="quiet" className="shrink-0" onClick={dismiss}>
        {text.news.dismiss}
      </Button>
    </section>
  );
}

const partOf = (configuration: unknown, name: string) =>
  (valueAt(configuration, [name]) ?? {}) as Record<string, unknown>;
