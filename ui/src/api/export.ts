/** Files that come page by page along `Link: rel=next`: a session, the audit. */
import { useMutation } from "@tanstack/react-query";
import { Problem, problemFrom } from "../lib/problem";
import { text } from "../lib/strings";
import { type Api, reached, useApi } from "./client";

export type Format = "json" | "markdown" | "zip";
export const FORMATS: readonly Format[] = ["json", "markdown", "zip"];

/** What a session becomes: content of our own, or addresses to download zips from. */
export type Exported = Blob | string[];

export function useExport(sessionId: string) {
  const api = useApi();
  return useMutation({
    mutationFn: (format: Format): Promise<Exported> => collect(api, sessionId, format),
  });
}

interface Archive {
  url: string;
}

async function collect(api: Api, sessionId: string, format: Format): Promise<Exported> {
  const path = `sessions/${encodeURIComponent(sessionId)}/export?format=${format}`;
  const pages = await collectPages(api, path);
  if (format === "zip") return pages.map((page) => String((parsed(page) as Archive)?.url));
  if (format === "markdown") return new Blob(pages, { type: "text/markdown" });
  return new Blob([JSON.stringify(mergePages(pages.map(parsed)), null, 2)], {
    type: "application/json",
  });
}

export async function collectPages(api: Api, path: string): Promise<string[]> {
  const pages: string[] = [];
  for (let next: string | null = `${api.baseUrl}/${path}`; next; ) {
    const response: Response = await reached(api.send(next, { credentials: "same-origin" }));
    const body = await response.text();
    if (!response.ok) throw problemFrom(response.status, parsed(body));
    pages.push(body);
    next = nextAddress(response.headers.get("link"), next);
  }
  return pages;
}

/** Where the next page is. It must be our own server: a link elsewhere is an error, not a page. */
export function nextAddress(link: string | null, current: string): string | null {
  const target = link?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/)?.[1];
  if (!target) return null;
  const next = new URL(target, current);
  if (next.origin !== new URL(current).origin)
    throw new Problem(0, text.unreadable, text.unreadableNext);
  return next.href;
}

/** Every page says what the session is and adds its items; the last one says that nothing follows. */
export function mergePages(pages: unknown[]): unknown {
  const parts = pages as { items?: unknown[] }[];
  return { ...parts.at(-1), items: parts.flatMap((page) => page.items ?? []) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
