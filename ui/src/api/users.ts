/** The accounts that this installation keeps itself, and one's own password there. */
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, useApi } from "./client";
import type { components } from "./schema";

export type User = components["schemas"]["UserOut"];
type NewUser = components["schemas"]["UserCreate"];
type Change = Omit<components["schemas"]["UserChange"], "version">;

const USERS = ["users"] as const;
const PAGE = 50;

export function useUsers() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: USERS,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET("/users", { params: { query: { limit: PAGE, cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.next_cursor || null,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}

function useAnew() {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: USERS });
}

export function useCreateUser() {
  const api = useApi();
  return useMutation({
    mutationFn: (wanted: NewUser) => answer(api.POST("/users", { body: wanted })),
    onSuccess: useAnew(),
  });
}

/** Against the version that was shown, so that two administrators don't undo each other. */
export function useChangeUser(user: User) {
  const api = useApi();
  return useMutation({
    mutationFn: (change: Change) =>
      answer(
        api.PATCH("/users/{name}", { ...at(user), body: { ...change, version: user.version } }),
      ),
    onSettled: useAnew(),
  });
}

export function useRemoveUser(user: User) {
  const api = useApi();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/users/{name}", at(user))),
    onSuccess: useAnew(),
  });
}

export function useChangePassword() {
  const api = useApi();
  return useMutation({
    mutationFn: (passwords: components["schemas"]["PasswordChange"]) =>
      answer(api.POST("/me/password", { body: passwords })),
  });
}

const at = ({ name }: User) => ({ params: { path: { name } } });
