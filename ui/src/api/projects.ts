/** Projects: folders of one's own for sessions. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, useApi } from "./client";
import type { components } from "./schema";
import { placeSession, readHistoryAgain, type Session, sessionKey } from "./sessions";

export type Project = components["schemas"]["ProjectOut"];

const PROJECTS = ["projects"] as const;
const MOST = 1000;
const at = (id: string) => ({ path: { project_id: id } });

export function useProjects(enabled = true) {
  const api = useApi();
  return useQuery({
    queryKey: PROJECTS,
    enabled,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const query = { limit: MOST };
      return (await answer(api.GET("/projects", { params: { query }, signal }))).items;
    },
  });
}

function useAnew() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: PROJECTS });
}

export function useCreateProject() {
  const api = useApi();
  return useMutation({
    mutationFn: (name: string) => answer(api.POST("/projects", { body: { name } })),
    onSuccess: useAnew(),
  });
}

export function useRenameProject(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: (name: string) =>
      answer(api.PATCH("/projects/{project_id}", { params: at(id), body: { name } })),
    onSettled: useAnew(),
  });
}

export function useDeleteProject(id: string) {
  const api = useApi();
  const queries = useQueryClient();
  const anew = useAnew();
  return useMutation({
    mutationFn: (sessions: "keep" | "delete") =>
      answer(api.DELETE("/projects/{project_id}", { params: { ...at(id), query: { sessions } } })),
    onSettled: () => {
      readHistoryAgain(queries);
      return anew();
    },
  });
}

/** Puts a session into a project; without one, takes it out of the one it is in. */
export function useMoveSession() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ session, to }: { session: Session; to: string | null }) => {
      const path = { project_id: to ?? session.project_id ?? "", session_id: session.id };
      const given = { params: { path } };
      return answer(
        to === null
          ? api.DELETE("/projects/{project_id}/sessions/{session_id}", given)
          : api.PUT("/projects/{project_id}/sessions/{session_id}", given),
      );
    },
    onSuccess: (moved) => {
      queries.setQueryData(sessionKey(moved.id), moved);
      placeSession(queries, moved);
    },
    onError: () => readHistoryAgain(queries),
  });
}
