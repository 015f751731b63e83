/** Prompts, tool servers and projects of the server in memory. */
import type { Project } from "../api/projects";
import type { Prompt } from "../api/prompts";
import type { Session } from "../api/sessions";
import type { Tool, ToolServer } from "../api/toolServers";
import { json, nothing, page, type Route, refusal, type Sent } from "./answers";

const AT = new Date(Date.UTC(2026, 0, 1)).toISOString();
const NO_CHOICES = { enabled: false, disabled_tools: [], approved_tools: [] };

export class FakeLibrary {
  prompts: Prompt[] = [];
  /** Those of others. */
  shared: Prompt[] = [];
  revisions: Prompt[] = [];
  toolServers: object[] = [];
  tools: Tool[] = [];
  projects: Project[] = [];

  constructor(private readonly sessions: () => Session[]) {}

  addPrompt(given: Partial<Prompt> = {}): Prompt {
    const prompt: Prompt = {
      id: `prompt_${this.prompts.length + 1}`,
      owner: "ada",
      is_owner: true,
      may_change: true,
      title: "Pirate",
      type: "persona",
      body: "Speak like a pirate.",
      groups: [],
      version: 1,
      created: AT,
      changed: AT,
      changed_by: "ada",
      ...given,
    };
    this.prompts.unshift(prompt);
    this.revisions.unshift(prompt);
    return prompt;
  }

  addProject(name: string): Project {
    const id = `project_${this.projects.length + 1}`;
    const project = { id, name, created: AT, updated: AT, deleting: false };
    this.projects.push(project);
    return project;
  }

  addToolServer(given: Partial<ToolServer> = {}): ToolServer {
    const server: ToolServer = {
      id: `server_${this.toolServers.length + 1}`,
      owner: "ada",
      is_owner: true,
      may_change: true,
      may_share: true,
      name: "Weather",
      description: "",
      transport: "http",
      url: "https://weather.example/mcp",
      command: [],
      headers: {},
      credentials: [],
      groups: [],
      active: true,
      by_admin: true,
      created: AT,
      changed: AT,
      version: 1,
      choices: NO_CHOICES,
      ...given,
    };
    this.toolServers.push(server);
    return server;
  }

  routes: Route[] = [
    ["GET", /^\/prompts$/, ({ query }) => page(this.prompted(query.get("whose")), query)],
    ["POST", /^\/prompts$/, ({ body }) => json(this.addPrompt(body), 201)],
    ["PUT", /^\/prompts\/([^/]+)$/, (sent, id) => this.revised(sent, id)],
    [
      "DELETE",
      /^\/prompts\/([^/]+)$/,
      (_, id) => {
        this.prompts = this.prompts.filter((one) => one.id !== id);
        return nothing();
      },
    ],
    [
      "GET",
      /^\/prompts\/([^/]+)\/revisions$/,
      ({ query }, id) =>
        page(
          this.revisions.filter((one) => one.id === id),
          query,
        ),
    ],
    ["GET", /^\/projects$/, ({ query }) => page(this.projects, query)],
    ["POST", /^\/projects$/, ({ body }) => json(this.addProject(body.name), 201)],
    ["PATCH", /^\/projects\/([^/]+)$/, ({ body }, id) => this.renamed(body.name, id)],
    ["DELETE", /^\/projects\/([^/]+)$/, (_, id) => this.dissolved(id)],
    ["PUT", /^\/projects\/([^/]+)\/sessions\/([^/]+)$/, ({ path }, id) => this.moved(path, id)],
    ["DELETE", /^\/projects\/([^/]+)\/sessions\/([^/]+)$/, ({ path }) => this.moved(path, null)],
    ["GET", /^\/tool-servers$/, ({ query }) => page(this.toolServers, query)],
    ["POST", /^\/tool-servers$/, ({ body }) => json(this.addToolServer(serverOf(body)), 201)],
    ["GET", /^\/tool-servers\/([^/]+)$/, (_, id) => json(this.toolServer(id))],
    ["PUT", /^\/tool-servers\/([^/]+)$/, ({ body }, id) => this.changed(id, serverOf(body))],
    [
      "DELETE",
      /^\/tool-servers\/([^/]+)$/,
      (_, id) => {
        this.toolServers = this.toolServers.filter((one) => one !== this.toolServer(id));
        return nothing();
      },
    ],
    [
      "PUT",
      /^\/tool-servers\/([^/]+)\/choices$/,
      ({ body }, id) => this.changed(id, { choices: body }),
    ],
    ["POST", /^\/tool-servers\/[^/]+\/test$/, () => json({ tools: this.tools, ms: 12 })],
    ["GET", /^\/tool-servers\/[^/]+\/tools$/, () => json({ tools: this.tools })],
  ];

  private prompted(whose: string | null): Prompt[] {
    if (whose === "shared") return this.shared;
    return whose === "all" ? [...this.prompts, ...this.shared] : this.prompts;
  }

  private revised({ body: { version, ...wanted } }: Sent, id: string): Response {
    const known = this.prompts.find((one) => one.id === id);
    if (known?.version !== version) return refusal(409, "The prompt is at another version by now.");
    const prompt = { ...known, ...wanted, version: version + 1 } as Prompt;
    this.prompts = this.prompts.map((one) => (one.id === id ? prompt : one));
    this.revisions.unshift(prompt);
    return json(prompt);
  }

  private renamed(name: string, id: string): Response {
    this.projects = this.projects.map((one) => (one.id === id ? { ...one, name } : one));
    return json(this.projects.find((one) => one.id === id));
  }

  private dissolved(id: string): Response {
    this.projects = this.projects.filter((one) => one.id !== id);
    for (const session of this.sessions()) if (session.project_id === id) session.project_id = null;
    return nothing();
  }

  private moved(path: string, projectId: string | null): Response {
    const session = this.sessions().find(({ id }) => path.endsWith(`/${id}`));
    if (!session) return refusal(404, "There is no such session.");
    session.project_id = projectId;
    session.revision += 1;
    return json(session);
  }

  private toolServer = (id: string) =>
    this.toolServers.find((one) => (one as ToolServer).id === id) as ToolServer;

  private changed(id: string, change: Partial<ToolServer>): Response {
    const changed = { ...this.toolServer(id), ...change };
    this.toolServers = this.toolServers.map((one) =>
      (one as ToolServer).id === id ? changed : one,
    );
    return json(changed);
  }
}

/** Of credentials there are only names from then on. */
const serverOf = ({
  credentials = {},
  version: _,
  ...rest
}: Sent["body"]): Partial<ToolServer> => ({
  ...rest,
  credentials: Object.keys(credentials).filter((name) => credentials[name] !== null),
});
