/** Golden sets, and runs that ask their questions: made, taken on step by step, compared. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, useApi } from "./client";
import { KNOWLEDGE } from "./collections";
import type { components } from "./schema";
import { useAgainAndAgain } from "./useAgainAndAgain";

export type GoldenSet = components["schemas"]["SetOut"];
export type GoldenQuestion = components["schemas"]["QuestionOut"];
export type Run = components["schemas"]["EvaluationOut"];
export type WholeRun = components["schemas"]["WholeRunOut"];
export type NewRun = components["schemas"]["RunIn"];
export type Outcome = components["schemas"]["OutcomeOut"];
export type Tried = components["schemas"]["OutcomeTriedOut"];
export type Figures = components["schemas"]["FiguresOut"];
export type Difference = components["schemas"]["DifferenceOut"];
export type Method = components["schemas"]["Method"];

export interface NewGoldenSet {
  /** Empty: as the file says, else as it is called. */
  name: string;
  fileName: string;
  content: ArrayBuffer;
}

const EVALUATIONS = [KNOWLEDGE, "evaluations"] as const;
const SETS = [...EVALUATIONS, "sets"] as const;
const RUNS = [...EVALUATIONS, "runs"] as const;
const PAGE = 25;
const A_LOT = 100;
const AT_ONCE_MS = 0;

export function useGoldenSets() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: SETS,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, cursor: pageParam };
      return answer(api.GET("/evaluations/sets", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.nextCursor || null,
    select: (data) => data.pages.flatMap((page) => page.sets),
  });
}

export function useGoldenSet(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [...SETS, id],
    queryFn: ({ signal }) =>
      answer(api.GET("/evaluations/sets/{set_id}", { params: { path: { set_id: id } }, signal })),
  });
}

function useEvaluationsAnew() {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: EVALUATIONS });
}

export function useAddGoldenSet() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ name, fileName, content }: NewGoldenSet) =>
      answer(
        api.POST("/evaluations/sets/file", {
          params: { query: { name, fileName } },
          body: "",
          bodySerializer: () => content,
          headers: { "content-type": "text/plain" },
        }),
      ),
    onSuccess: useEvaluationsAnew(),
  });
}

export function useRemoveGoldenSet(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: () =>
      answer(api.DELETE("/evaluations/sets/{set_id}", { params: { path: { set_id: id } } })),
    onSuccess: useEvaluationsAnew(),
  });
}

export function useRuns() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: RUNS,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, cursor: pageParam };
      return answer(api.GET("/evaluations/runs", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.nextCursor || null,
    select: (data) => data.pages.flatMap((page) => page.runs),
  });
}

/** The newest of those that are over and asked the same questions. */
export function useComparable({ runId, setId }: Run) {
  const api = useApi();
  return useQuery({
    queryKey: [...EVALUATIONS, "comparable", runId],
    queryFn: async ({ signal }) => {
      const params = { query: { limit: A_LOT } };
      const { runs } = await answer(api.GET("/evaluations/runs", { params, signal }));
      return runs.filter((one) => one.setId === setId && one.isOver && one.runId !== runId);
    },
  });
}

export function useRun(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [...RUNS, id],
    queryFn: ({ signal }) =>
      answer(api.GET("/evaluations/runs/{run_id}", { params: { path: { run_id: id } }, signal })),
  });
}

/** How a method does in two runs, and which questions it answers better or worse. */
export function useComparison(before: string, after: string) {
  const api = useApi();
  return useQuery({
    queryKey: [...EVALUATIONS, "comparison", before, after],
    queryFn: async ({ signal }) => {
      const params = { path: { run_id: before, other_id: after } };
      const address = "/evaluations/runs/{run_id}/comparison/{other_id}";
      return (await answer(api.GET(address, { params, signal }))).differences;
    },
  });
}

export function useBeginRun() {
  const api = useApi();
  return useMutation({
    mutationFn: (wanted: NewRun) => answer(api.POST("/evaluations/runs", { body: wanted })),
    onSuccess: useEvaluationsAnew(),
  });
}

export function useRemoveRun(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: () =>
      answer(api.DELETE("/evaluations/runs/{run_id}", { params: { path: { run_id: id } } })),
    onSuccess: useEvaluationsAnew(),
  });
}

/** Takes a run on for as long as somebody looks; returns what is in the way. */
export function useRunGoesOn(run: Run, isOn: boolean): unknown {
  const api = useApi();
  const queries = useQueryClient();
  const anew = useEvaluationsAnew();
  return useAgainAndAgain(async (signal) => {
    const params = { path: { run_id: run.runId } };
    const further = await answer(api.POST("/evaluations/runs/{run_id}/steps", { params, signal }));
    queries.setQueryData<WholeRun>(
      [...RUNS, run.runId],
      (known) => known && { ...known, ...further },
    );
    if (further.isOver) anew(); // what came of each question is there now
    return AT_ONCE_MS;
  }, isOn && !run.isOver);
}
