/** From the fields of a run, which are texts, to a run as it is sent. */
import type { Method, NewRun } from "../../../api/evaluations";
import { Problem } from "../../../lib/problem";
import { evaluationText } from "../../../lib/words/evaluations";

const words = evaluationText.start;

export const METHODS: Method[] = ["hybrid", "dense", "lexical", "rerank"];

export interface RunFields {
  name: string;
  /** By the names of their vector stores. */
  collections: string[];
  methods: Method[];
  rerank: string;
  candidates: string;
}

export const USUAL: RunFields = {
  name: "",
  collections: [],
  methods: ["hybrid", "dense", "lexical"],
  rerank: "",
  candidates: "50",
};

export function runOf(setId: string, fields: RunFields): NewRun | Problem {
  const { collections, methods, rerank, candidates } = fields;
  const reranks = methods.includes("rerank");
  if (collections.length === 0) return new Problem(0, words.noCollection);
  if (methods.length === 0) return new Problem(0, words.noMethod);
  if (reranks && !rerank) return new Problem(0, words.noReranker);
  return {
    setId,
    name: fields.name.trim(),
    collections,
    methods,
    ...(reranks && { rerank, candidates: Number(candidates) }),
  };
}
