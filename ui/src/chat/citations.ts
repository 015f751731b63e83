/** What a text rests on: its annotations, and the text with a link where each one stands. */
import type { WireCitation, WirePart } from "../api/responses";

export interface Citation {
  /** By which the text names the passage. */
  number: number;
  documentId: string;
  name: string;
  /** At which character of the text it stands, as JavaScript counts. */
  index: number;
  page: number | null;
  lastPage: number | null;
  start: number | null;
  /** Which passage of its document it is; not every server says. */
  ordinal: number | null;
  quote: string;
  /** `REPOSITORY.COLLECTION`; empty where that isn't known. */
  collection: string;
}

const NOTHING: readonly Citation[] = [];

export function citationsOf({ text = "", annotations }: WirePart): readonly Citation[] {
  const cited = annotations?.filter(({ type }) => type === "file_citation") ?? [];
  if (cited.length === 0) return NOTHING;
  const placeOf = unitsOf(text);
  const files = [...new Set(cited.map(({ file_id }) => file_id))];
  return cited.map((one) => ({
    ...sourceOf(one),
    number: one.number ?? files.indexOf(one.file_id) + 1,
    index: placeOf(one.index ?? text.length),
  }));
}

const sourceOf = (one: WireCitation) => ({
  documentId: one.file_id ?? "",
  name: one.filename ?? "",
  page: one.page ?? null,
  lastPage: one.last_page ?? null,
  start: one.start ?? null,
  ordinal: one.ordinal ?? null,
  quote: one.quote ?? "",
  collection: one.collection ?? "",
});

/** Python counts an emoji once, JavaScript twice. */
function unitsOf(text: string): (index: number) => number {
  const characters = [...text];
  if (characters.length === text.length) return (index) => index;
  return (index) => characters.slice(0, index).join("").length;
}

/** Each source once, in the order of their numbers. */
export function sourcesOf(citations: readonly Citation[]): Citation[] {
  const byNumber = new Map<number, Citation>();
  for (const one of citations) if (!byNumber.has(one.number)) byNumber.set(one.number, one);
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

const MARKER = /^\[\d{1,4}(?:\s*[,;]\s*\d{1,4})*\](?!\()/;
export const CITED = "#cited-";

/** Puts a link in the place of each marker; where there is none, one behind what is meant. */
export function withLinks(text: string, citations: readonly Citation[]): string {
  const places = [...new Set(citations.map(({ index }) => index))].sort((a, b) => b - a);
  return places.reduce((linked, place) => {
    const links = citations
      .filter(({ index }) => index === place)
      .map(({ number }) => `[${number}](${CITED}${number})`)
      .join(" ");
    const rest = linked.slice(place);
    const marker = rest.match(MARKER)?.[0] ?? "";
    const gap = marker || place === 0 ? "" : " ";
    return linked.slice(0, place) + gap + links + rest.slice(marker.length);
  }, text);
}
