/** From the fields about what is uploaded, which are texts, to tags and facts as they are sent. */
import type { Known } from "../../../api/collections";
import type { Said } from "../../../api/useUploads";
import { listed } from "../../../lib/listed";
import { Problem } from "../../../lib/problem";
import { knowledgeText } from "../../../lib/words/knowledge";

const words = knowledgeText.uploads;
const TAG = /^[A-Za-z0-9_-]{1,50}$/;
const FACT = /^\s*([A-Za-z_][A-Za-z0-9_.-]{0,63})\s*:\s*(\S.*?)\s*$/;

export interface Fields {
  tags: string;
  /** One a line, as in `year: 2024`. */
  facts: string;
}

export function saidOf({ tags, facts }: Fields): Said {
  const wrong = listed(tags).find((tag) => !TAG.test(tag));
  if (wrong) throw new Problem(0, words.wrongTag(wrong));
  const known = Object.fromEntries(linesOf(facts).map(factOf));
  return {
    ...(listed(tags).length > 0 && { tags: listed(tags) }),
    ...(Object.keys(known).length > 0 && { facts: known }),
  };
}

const linesOf = (text: string) => text.split("\n").filter((line) => line.trim() !== "");

function factOf(line: string): [string, Known[string]] {
  const [, name, value] = line.match(FACT) ?? [];
  if (!name || !value) throw new Problem(0, words.wrongFact(line.trim()));
  return [name, factValue(value)];
}

/** Numbers, yes and no are what they are; a number in quotes is a text. */
function factValue(typed: string): Known[string] {
  if (!/^(true|false|-?\d+(\.\d+)?|".*")$/.test(typed)) return typed;
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}
