/** What was used: summed up over time and by name, call by call, and taken along as a file. */
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { joinPages } from "../lib/pages";
import { type Api, answer, useApi } from "./client";
import { collectPages } from "./export";
import type { components } from "./schema";

export type Used = components["schemas"]["Used"];
export type Line = components["schemas"]["UsageLine"];
export type Call = components["schemas"]["CallOut"];
export type By = "model" | "subject" | "token";
export type Bucket = "hour" | "day";

/** Of which time, and of whom or what; an empty name doesn't narrow. */
export interface Span {
  from: string;
  to: string;
  bucket: Bucket;
  model: string;
  subject: string;
  token: string;
}

export interface Summary {
  since: string;
  until: string;
  lines: Line[];
  total: Used;
}

const PAGE = 50;
const MOST = 1000;

/** One line for each name in each hour or day; with `whole` one for each name. */
export function useUsage(span: Span, by: By, whole: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ["usage", span, by, whole],
    queryFn: ({ signal }) => allLines(api, { ...span, by, whole }, signal),
  });
}

async function allLines(api: Api, asked: Span & { by: By; whole: boolean }, signal: AbortSignal) {
  const read = (cursor: string) =>
    answer(api.GET("/usage", { params: { query: { ...asked, limit: MOST, cursor } }, signal }));
  const first = await read("");
  const lines = [...first.items];
  for (let next = first.next_cursor; next; ) {
    const page = await read(next);
    lines.push(...page.items);
    next = page.next_cursor;
  }
  return { since: first.since, until: first.until, lines, total: first.total } satisfies Summary;
}

export function useCalls(span: Span) {
  const api = useApi();
  const { bucket: _, ...asked } = span;
  return useInfiniteQuery({
    queryKey: ["calls", asked],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/usage/calls", {
          params: { query: { ...asked, limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => joinPages(data.pages),
  });
}

export function useUsageExport() {
  const api = useApi();
  return useMutation({
    mutationFn: async ({ bucket: _, ...span }: Span) => {
      const asked = new URLSearchParams({ ...span, format: "csv" });
      return new Blob(await collectPages(api, `usage/export?${asked}`), { type: "text/csv" });
    },
  });
}
