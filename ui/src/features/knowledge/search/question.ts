/** From the fields of a question, which are texts, to a question as it is sent. */
import type { Mode, Question } from "../../../api/knowledgeSearch";
import { Problem } from "../../../lib/problem";
import { searchText as words } from "../../../lib/words/knowledgeSearch";

export interface Fields {
  text: string;
  /** By the names of their vector stores. */
  collections: string[];
  mode: Mode;
  rerank: string;
  limit: string;
  filters: string;
}

export function questionOf(fields: Fields): Question {
  const { text, collections, mode, rerank, limit, filters } = fields;
  if (collections.length === 0) throw new Problem(0, words.choose);
  return {
    query: text.trim(),
    collections,
    mode,
    rerank,
    limit: Number(limit) || 10,
    ...(filters.trim() && { filters: read(filters) }),
  };
}

function read(filters: string): NonNullable<Question["filters"]> {
  let found: unknown;
  try {
    found = JSON.parse(filters);
  } catch (error) {
    throw new Problem(0, words.filtersWrong(error instanceof Error ? error.message : ""));
  }
  if (!found || typeof found !== "object" || Array.isArray(found))
    throw new Problem(0, words.filtersObject);
  return found as NonNullable<Question["filters"]>;
}
