/** Every address of the UI. */
import {
  createBrowserHistory,
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
} from "@tanstack/react-router";
import { SessionPage, SessionsPage } from "../features/sessions";
import type { UiConfig } from "../lib/config";
import { ErrorPage } from "./ErrorBoundary";
import { Layout } from "./Layout";
import { NotFoundPage } from "./NotFoundPage";

const root = createRootRoute({ component: Layout });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/sessions", replace: true });
  },
});

const sessions = createRoute({
  getParentRoute: () => root,
  path: "/sessions",
  component: SessionsPage,
});

const session = createRoute({
  getParentRoute: () => root,
  path: "/sessions/$sessionId",
  component: function SessionRoute() {
    const { sessionId } = session.useParams();
    return <SessionPage key={sessionId} sessionId={sessionId} />;
  },
});

export function createAppRouter(routing: UiConfig["routing"]) {
  return createRouter({
    routeTree: root.addChildren([home, sessions, session]),
    history: routing === "hash" ? createHashHistory() : createBrowserHistory(),
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: ErrorPage,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
