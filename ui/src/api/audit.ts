/** The record of what was done and refused: searched, and taken along as a file. */
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { joinPages, readFull } from "../lib/pages";
import { answer, useApi } from "./client";
import { collectPages } from "./export";
import type { components } from "./schema";

export type Entry = components["schemas"]["Entry"];
export type FileFormat = "csv" | "jsonl";

/** Times are as the server reads them; an empty field doesn't narrow. */
export interface Search {
  actor: string;
  verb: string;
  kind: string;
  since: string;
  until: string;
}

const PAGE = 50;
const TYPES: Record<FileFormat, string> = { csv: "text/csv", jsonl: "application/jsonl" };

export function useAudit(search: Search) {
  const api = useApi();
  const asked = query(search);
  return useInfiniteQuery({
    queryKey: ["audit", search],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const read = (cursor: string) =>
        answer(api.GET("/audit", { params: { query: { ...asked, cursor, limit: PAGE } }, signal }));
      return readFull(read, pageParam, PAGE);
    },
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => joinPages(data.pages),
  });
}

export function useAuditExport() {
  const api = useApi();
  return useMutation({
    mutationFn: async ({ search, format }: { search: Search; format: FileFormat }) => {
      const asked = new URLSearchParams({ ...query(search), format });
      const pages = await collectPages(api, `audit/export?${asked}`);
      return new Blob(pages, { type: TYPES[format] });
    },
  });
}

/** Only what narrows: an empty time is no time. */
function query({ actor, kind, verb, since, until }: Search): Record<string, string> {
  const all = { actor, kind, verb, since, until };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}
