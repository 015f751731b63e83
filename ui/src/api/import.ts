/** An exported session comes back: JSON in as many requests as it takes, a zip by a link. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Problem, problemFrom } from "../lib/problem";
import { historyText } from "../lib/words/history";
import { type Api, answer, reached, useApi } from "./client";
import type { components } from "./schema";
import { placeSession, type Session } from "./sessions";

type Page = components["schemas"]["SessionImport"];

const FORMAT = "lisa.session/1";
const MOST_ITEMS = 500;
const MOST_LETTERS = 1_000_000; // at most 3 bytes each, and a request may have 4 MB

export function useImport() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (file: Blob) =>
      (await isZip(file)) ? takeZip(api, file) : takeJson(api, await file.text()),
    onSuccess: (session) => placeSession(queries, session),
  });
}

const isZip = async (file: Blob) => (await file.slice(0, 2).text()) === "PK";

async function takeZip(api: Api, zip: Blob): Promise<Session> {
  const { upload_id, method, url } = await answer(
    api.POST("/sessions/import/archives", { body: { size: zip.size } }),
  );
  const headers = { "content-type": "application/zip" };
  const address = new URL(url, `${api.baseUrl}/`);
  const response = await reached(api.send(address, { method, headers, body: zip }));
  if (!response.ok) throw problemFrom(response.status, await response.json().catch(() => null));
  return answer(
    api.POST("/sessions/import/archives/{upload_id}", { params: { path: { upload_id } } }),
  );
}

async function takeJson(api: Api, content: string): Promise<Session> {
  const { session, items } = readExport(content);
  let made: Session | null = null;
  for (const some of portions(items)) made = await send(api, { session, items: some }, made);
  return made as Session;
}

function send(api: Api, part: Omit<Page, "format">, into: Session | null) {
  const query = into ? { into: into.id } : {};
  return answer(
    api.POST("/sessions/import", { params: { query }, body: { format: FORMAT, ...part } }),
  );
}

export function readExport(content: string): Omit<Page, "format"> {
  const whole = parsed(content);
  const { session, items } = whole as Page;
  if (whole.format !== FORMAT || !session || !Array.isArray(items))
    throw new Problem(0, historyText.notAnExport, historyText.notAnExportNext);
  const { name, configuration } = session;
  return { session: { name, configuration }, items };
}

function parsed(content: string): Partial<Page> {
  try {
    return (JSON.parse(content) ?? {}) as Partial<Page>;
  } catch {
    return {};
  }
}

/** Cuts a list so that each part fits into one request; without items there is one empty part. */
export function portions<Item>(items: readonly Item[]): Item[][] {
  const parts: Item[][] = [[]];
  let letters = 0;
  for (const item of items) {
    const length = JSON.stringify(item).length;
    const last = parts.at(-1) ?? [];
    const isFull = last.length >= MOST_ITEMS || letters + length > MOST_LETTERS;
    if (isFull && last.length > 0) parts.push([]);
    letters = isFull ? length : letters + length;
    parts.at(-1)?.push(item);
  }
  return parts;
}
