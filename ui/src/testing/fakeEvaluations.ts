/** Golden sets and runs of the server in memory; a step asks one question. */
import type { Difference, Figures, GoldenQuestion, GoldenSet, WholeRun } from "../api/evaluations";
import { json, nothing, type Route, refusal, type Sent } from "./answers";

const AT = new Date(Date.UTC(2026, 0, 1)).toISOString();
const CHUNKING = { strategy: "structure", size: 220, overlap: 40 } as const;

export const figures = (recallAt10: number, given: Partial<Figures> = {}): Figures => ({
  questions: 2,
  missed: 1,
  recallAt1: 0.25,
  recallAt5: 0.5,
  recallAt10,
  ndcgAt10: 0.4,
  mrr: 0.45,
  p50: 0.012,
  p95: 0.034,
  ...given,
});

type KnownSet = GoldenSet & { questions: GoldenQuestion[] };

export class FakeEvaluations {
  sets: KnownSet[] = [];
  runs: WholeRun[] = [];
  differences: Difference[] = [];

  addSet(given: Partial<KnownSet> = {}): GoldenSet {
    const set = {
      setId: `golden_${this.sets.length + 1}`,
      name: "Whales",
      description: "",
      licence: "",
      digest: "d",
      total: given.questions?.length ?? 2,
      owner: "ada",
      created: AT,
      questions: [],
      ...given,
    };
    this.sets.unshift(set);
    return set;
  }

  addRun(given: Partial<WholeRun> = {}): WholeRun {
    const run: WholeRun = {
      runId: `run_${this.runs.length + 1}`,
      name: "First try",
      setId: "golden_1",
      setName: "Whales",
      places: [
        {
          repositoryId: "local",
          collectionId: "default",
          embeddingModel: "lisa-embed",
          chunking: CHUNKING,
        },
      ],
      methods: ["hybrid", "lexical"],
      rerank: "",
      candidates: 50,
      total: 2,
      done: 2,
      isOver: true,
      figures: { hybrid: figures(1), lexical: figures(0.5) },
      owner: "ada",
      created: AT,
      updated: AT,
      outcomes: [
        {
          number: 0,
          question: "Do whales sing?",
          relevant: [{ document: "whales.txt", page: 3, quote: "They sing" }],
          tried: {
            hybrid: { ranks: [1], relevant: 1, seconds: 0.01 },
            lexical: { ranks: [], relevant: 1, seconds: 0.01 },
          },
        },
        {
          number: 1,
          question: "How deep do they dive?",
          relevant: [
            { document: "whales.txt", page: null, quote: "" },
            { document: "depths.txt", page: null, quote: "" },
          ],
          tried: {
            hybrid: { ranks: [2, 7], relevant: 2, seconds: 0.01 },
            lexical: { ranks: [4], relevant: 2, seconds: 0.01 },
          },
        },
      ],
      ...given,
    };
    this.runs.unshift(run);
    return run;
  }

  routes: Route[] = [
    ["GET", /^\/evaluations\/sets$/, () => json({ sets: this.sets, nextCursor: "" })],
    ["POST", /^\/evaluations\/sets\/file$/, (sent) => this.addedOf(sent)],
    ["GET", /^\/evaluations\/sets\/(.+)$/, (_, id) => json(this.sets.find(hasId("setId", id)))],
    ["DELETE", /^\/evaluations\/sets\/(.+)$/, (_, id) => this.forget(id)],
    ["GET", /^\/evaluations\/runs$/, () => json({ runs: this.runs, nextCursor: "" })],
    ["POST", /^\/evaluations\/runs$/, ({ body }) => json(this.begun(body), 201)],
    ["GET", /^\/evaluations\/runs\/([^/]+)$/, (_, id) => this.run(id)],
    ["DELETE", /^\/evaluations\/runs\/([^/]+)$/, (_, id) => this.forget(id)],
    ["POST", /^\/evaluations\/runs\/([^/]+)\/steps$/, (_, id) => this.step(id)],
    [
      "GET",
      /^\/evaluations\/runs\/.+\/comparison\/.+$/,
      () => json({ differences: this.differences }),
    ],
  ];

  /** Knows one form of files: a question a line. */
  private addedOf({ body, query }: Sent): Response {
    const lines = String(body).split("\n");
    const questions: GoldenQuestion[] = lines.map((line) => ({ facts: [], ...JSON.parse(line) }));
    const name = query.get("name") || String(query.get("fileName")).replace(/\.[^.]+$/, "");
    return json(this.addSet({ name, questions }), 201);
  }

  private begun({ setId, methods, name }: Sent["body"]) {
    return this.addRun({ setId, methods, name: name || "Whales", done: 0, isOver: false });
  }

  private run(id: string): Response {
    const run = this.runs.find(hasId("runId", id));
    return run ? json(run) : refusal(404, "There is no such run.");
  }

  private step(id: string): Response {
    const run = this.runs.find(hasId("runId", id));
    if (!run) return refusal(404, "There is no such run.");
    run.done = Math.min(run.done + 1, run.total);
    run.isOver = run.done === run.total;
    const { outcomes, ...head } = run;
    return json(head);
  }

  private forget(id: string): Response {
    this.sets = this.sets.filter(({ setId }) => setId !== id);
    this.runs = this.runs.filter(({ runId }) => runId !== id);
    return nothing();
  }
}

const hasId =
  <Name extends string>(name: Name, id: string) =>
  (one: Record<Name, string>) =>
    one[name] === id;
