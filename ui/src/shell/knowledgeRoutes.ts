/** The addresses of knowledge: collections, their documents, search, repositories. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { onlyFor } from "./Allowed";
import { root } from "./root";

interface Preview {
  document?: string;
  at?: number;
  start?: number;
}

interface Asked {
  /** Collections, between commas. */
  in?: string;
  ask?: string;
}

const collections = createRoute({
  getParentRoute: () => root,
  path: "/knowledge",
  component: lazyRouteComponent(() => import("../features/knowledge"), "CollectionsPage"),
});

const knowledgeSearch = createRoute({
  getParentRoute: () => root,
  path: "/knowledge/search",
  validateSearch: (given): Asked => ({
    in: given.in ? String(given.in) : undefined,
    ask: given.ask ? String(given.ask) : undefined,
  }),
  component: lazyRouteComponent(() => import("../features/knowledge"), "SearchPage"),
});

const evaluations = createRoute({
  getParentRoute: () => root,
  path: "/knowledge/evaluations",
  component: lazyRouteComponent(() => import("../features/knowledge"), "EvaluationsPage"),
});

// A run, and beside it another one.
const evaluation = createRoute({
  getParentRoute: () => root,
  path: "/knowledge/evaluations/$runId",
  validateSearch: (given): { with?: string } => ({
    with: given.with ? String(given.with) : undefined,
  }),
  component: lazyRouteComponent(() => import("../features/knowledge"), "RunPage"),
});

// A document to open, at a passage: by its ordinal, or by a character of it.
const documents = createRoute({
  getParentRoute: () => root,
  path: "/knowledge/in/$repositoryId/$collectionId",
  validateSearch: ({ document, at, start }): Preview => ({
    document: document ? String(document) : undefined,
    at: at === undefined ? undefined : Number(at) || 0,
    start: start === undefined ? undefined : Number(start) || 0,
  }),
  component: lazyRouteComponent(() => import("../features/knowledge"), "LibraryPage"),
});

const keepers = createRoute({
  getParentRoute: () => root,
  id: "keepers of repositories",
  component: onlyFor((me) => me.admin || me.rag_admin),
});

const repositories = createRoute({
  getParentRoute: () => keepers,
  path: "/knowledge/repositories",
  component: lazyRouteComponent(() => import("../features/knowledge"), "RepositoriesPage"),
});

const newRepository = createRoute({
  getParentRoute: () => keepers,
  path: "/knowledge/new-repository",
  component: lazyRouteComponent(() => import("../features/knowledge"), "NewRepositoryPage"),
});

const repository = createRoute({
  getParentRoute: () => keepers,
  path: "/knowledge/repositories/$repositoryId",
  component: lazyRouteComponent(() => import("../features/knowledge"), "RepositoryPage"),
});

const editRepository = createRoute({
  getParentRoute: () => keepers,
  path: "/knowledge/repositories/$repositoryId/edit",
  component: lazyRouteComponent(() => import("../features/knowledge"), "EditRepositoryPage"),
});

export const knowledge = [
  collections,
  knowledgeSearch,
  evaluations,
  evaluation,
  documents,
  keepers.addChildren([repositories, newRepository, repository, editRepository]),
] as const;
