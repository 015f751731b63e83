/** Every address of the UI. */
import {
  createBrowserHistory,
  createHashHistory,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import type { UiConfig } from "../lib/config";
import { Loading } from "../ui/states";
import { onlyFor } from "./Allowed";
import { ErrorPage } from "./ErrorBoundary";
import { HomeRoute } from "./HomeRoute";
import { knowledge } from "./knowledgeRoutes";
import { NotFoundPage } from "./NotFoundPage";
import { root } from "./root";

const VIEWS = ["timeline", "replicas", "schedule"] as const;
type View = (typeof VIEWS)[number];

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: HomeRoute,
});

// The pages below are loaded when they are opened.

const sessions = createRoute({
  getParentRoute: () => root,
  path: "/sessions",
  component: lazyRouteComponent(() => import("./SessionsRoute")),
});

const session = createRoute({
  getParentRoute: () => root,
  path: "/sessions/$sessionId",
  // The message that a search has found.
  validateSearch: ({ item }): { item?: string } => ({ item: item ? String(item) : undefined }),
  component: lazyRouteComponent(() => import("./SessionRoute")),
});

const prompts = createRoute({
  getParentRoute: () => root,
  path: "/prompts",
  component: lazyRouteComponent(() => import("../features/prompts"), "PromptsPage"),
});

const tools = createRoute({
  getParentRoute: () => root,
  path: "/tools",
  component: lazyRouteComponent(() => import("../features/tools"), "ToolServersPage"),
});

const newTool = createRoute({
  getParentRoute: () => root,
  path: "/tools/new",
  component: lazyRouteComponent(() => import("../features/tools"), "NewToolServerPage"),
});

const editTool = createRoute({
  getParentRoute: () => root,
  path: "/tools/edit",
  validateSearch: ({ id }) => ({ id: String(id ?? "") }),
  component: lazyRouteComponent(() => import("../features/tools"), "EditToolServerPage"),
});

const library = createRoute({
  getParentRoute: () => root,
  path: "/library/models",
  component: lazyRouteComponent(() => import("../features/models"), "LibraryPage"),
});

const playground = createRoute({
  getParentRoute: () => root,
  path: "/playground",
  component: lazyRouteComponent(() => import("../features/playground"), "PlaygroundPage"),
});

const usage = createRoute({
  getParentRoute: () => root,
  path: "/usage",
  component: lazyRouteComponent(() => import("../features/usage"), "UsagePage"),
});

const tokenMakers = createRoute({
  getParentRoute: () => root,
  id: "token makers",
  component: onlyFor((me) => me.may_make_tokens),
});

const tokens = createRoute({
  getParentRoute: () => tokenMakers,
  path: "/tokens",
  component: lazyRouteComponent(() => import("../features/tokens"), "TokensPage"),
});

const administrators = createRoute({
  getParentRoute: () => root,
  path: "/admin",
  component: onlyFor((me) => me.admin),
});

const models = createRoute({
  getParentRoute: () => administrators,
  path: "/models",
  component: lazyRouteComponent(() => import("../features/models"), "ModelsPage"),
});

const newModel = createRoute({
  getParentRoute: () => administrators,
  path: "/models/new",
  component: lazyRouteComponent(() => import("../features/models"), "NewModelPage"),
});

const newHosted = createRoute({
  getParentRoute: () => administrators,
  path: "/models/new/hosted",
  component: lazyRouteComponent(() => import("../features/models"), "NewHostedPage"),
});

const editModel = createRoute({
  getParentRoute: () => administrators,
  path: "/models/edit",
  validateSearch: ({ id }) => ({ id: String(id ?? "") }),
  component: lazyRouteComponent(() => import("../features/models"), "EditModelPage"),
});

// A model's id may have slashes: in the address they are encoded.
const oneModel = createRoute({
  getParentRoute: () => administrators,
  path: "/models/$id",
  validateSearch: ({ view }): { view?: View } => ({ view: VIEWS.find((each) => each === view) }),
  component: lazyRouteComponent(() => import("../features/models"), "ModelPage"),
});

const schedules = createRoute({
  getParentRoute: () => administrators,
  path: "/schedules",
  component: lazyRouteComponent(() => import("../features/models"), "SchedulesPage"),
});

const allTokens = createRoute({
  getParentRoute: () => administrators,
  path: "/tokens",
  component: lazyRouteComponent(() => import("../features/tokens"), "AllTokensPage"),
});

const configuration = createRoute({
  getParentRoute: () => administrators,
  path: "/configuration",
  component: lazyRouteComponent(() => import("../features/configuration"), "ConfigurationPage"),
});

const audit = createRoute({
  getParentRoute: () => administrators,
  path: "/audit",
  component: lazyRouteComponent(() => import("../features/audit"), "AuditPage"),
});

const ownAccounts = createRoute({
  getParentRoute: () => administrators,
  id: "own accounts",
  component: onlyFor((_, config) => config.users),
});

const users = createRoute({
  getParentRoute: () => ownAccounts,
  path: "/users",
  component: lazyRouteComponent(() => import("../features/users"), "UsersPage"),
});

const routeTree = root.addChildren([
  home,
  sessions,
  session,
  prompts,
  tools,
  newTool,
  editTool,
  library,
  ...knowledge,
  playground,
  usage,
  tokenMakers.addChildren([tokens]),
  administrators.addChildren([
    models,
    newModel,
    newHosted,
    editModel,
    oneModel,
    schedules,
    allTokens,
    configuration,
    audit,
    ownAccounts.addChildren([users]),
  ]),
]);

export function createAppRouter(routing: UiConfig["routing"]) {
  return createRouter({
    routeTree,
    history: routing === "hash" ? createHashHistory() : createBrowserHistory(),
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: ErrorPage,
    defaultPendingComponent: Loading,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
