/** Sessions that were deleted a moment ago: out of sight at once, gone when nobody undoes it. */
import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Api, answer, useApi } from "./client";

const GONE = ["gone"] as const;
const NOBODY: readonly string[] = [];

export function useGone(): readonly string[] {
  const gcTime = Number.POSITIVE_INFINITY;
  const { data = NOBODY } = useQuery<readonly string[]>({
    queryKey: GONE,
    queryFn: skipToken,
    initialData: NOBODY,
    gcTime,
  });
  return data;
}

/** A removal that nobody has undone yet. */
export interface Removal {
  undo: () => void;
  /** Deletes really, unless it was undone. */
  finish: () => Promise<void>;
}

export function useSessionRemoval() {
  const api = useApi();
  const queries = useQueryClient();
  return useMemo(() => {
    const setGone = (change: (gone: readonly string[]) => readonly string[]) =>
      queries.setQueryData<readonly string[]>(GONE, (gone = NOBODY) => change(gone));
    const show = (id: string) => setGone((gone) => gone.filter((one) => one !== id));
    return (id: string): Removal => {
      setGone((gone) => [...gone, id]);
      let isOpen = true;
      // Who closes the page doesn't undo any more.
      const leave = () => isOpen && void sendLast(api, id);
      window.addEventListener("pagehide", leave);
      const close = () => {
        isOpen = false;
        window.removeEventListener("pagehide", leave);
      };
      return {
        undo: () => {
          close();
          show(id);
        },
        finish: async () => {
          if (!isOpen) return;
          close();
          try {
            await remove(api, id);
          } catch (error) {
            show(id);
            throw error;
          }
        },
      };
    };
  }, [api, queries]);
}

const remove = (api: Api, id: string) =>
  answer(api.DELETE("/sessions/{session_id}", { params: { path: { session_id: id } } }));

const sendLast = (api: Api, id: string) =>
  api
    .send(`${api.baseUrl}/sessions/${encodeURIComponent(id)}`, {
      method: "DELETE",
      credentials: "same-origin",
      keepalive: true,
    })
    .catch(() => {});
