/** What is read from a run and its figures. */
import type { Figures, Method, Outcome, Run, Tried } from "../../../api/evaluations";

export const DEPTHS = ["1", "5", "10"] as const;
export type Depth = (typeof DEPTHS)[number];

const RECALL: Record<Depth, (figures: Figures) => number> = {
  "1": ({ recallAt1 }) => recallAt1,
  "5": ({ recallAt5 }) => recallAt5,
  "10": ({ recallAt10 }) => recallAt10,
};

export const recallAt = (depth: Depth, figures: Figures) => RECALL[depth](figures);

export const placesOf = ({ places }: Run) =>
  places.map(({ repositoryId, collectionId }) => `${repositoryId}.${collectionId}`);

export interface Measured {
  method: Method;
  figures: Figures;
}

/** In the order in which the run was asked to try them. */
export function measuredBy({ methods, figures }: Run): Measured[] {
  return methods.flatMap((method) => {
    const found = figures[method];
    return found ? [{ method, figures: found }] : [];
  });
}

export function bestOf(run: Run): { method: Method; recall: number } | null {
  const all = measuredBy(run).map(({ method, figures }) => ({
    method,
    recall: figures.recallAt10,
  }));
  return all.reduce<(typeof all)[number] | null>(
    (best, one) => (best && best.recall >= one.recall ? best : one),
    null,
  );
}

export type Which = "missed" | "allMissed" | "all";

/** Whether nothing right was among the first ten. */
const isMiss = (tried: Tried | undefined) => !tried?.ranks.length;

export function chosenOf(outcomes: Outcome[], methods: readonly Method[], which: Which): Outcome[] {
  if (which === "all") return outcomes;
  const some = which === "missed" ? "some" : "every";
  return outcomes.filter(({ tried }) => methods[some]((method) => isMiss(tried[method])));
}
