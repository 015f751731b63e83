/** A server in memory, spoken to by fetch: the one thing that tests of pages make up. */

import type { StoredItem as Item } from "../api/conversations";
import type { Me } from "../api/identity";
import type { WireItem } from "../api/responses";
import type { Session } from "../api/sessions";
import { bodyOf, json, nothing, page, type Route, refusal, type Sent } from "./answers";
import { FakeAdministration } from "./fakeAdministration";
import { FakeDocuments } from "./fakeDocuments";
import { found } from "./fakeHistory";
import { FakeKnowledge } from "./fakeKnowledge";
import { FakeLibrary } from "./fakeLibrary";
import { FakeModels } from "./fakeModels";
import { FakeTurns } from "./fakeTurns";
import { fileRoutes } from "./fileRoutes";

export { refusal } from "./answers";

interface SentItem {
  id: string;
  parts: { text: string }[];
}

export class FakeServer {
  signedIn = true;
  /** The access tokens that are taken; one that is shown counts before the cookie. */
  bearers = new Set<string>();
  me: Me = {
    subject: "ada",
    groups: [],
    admin: true,
    rag_admin: false,
    may_make_tokens: true,
    scopes: [],
  };
  administration = new FakeAdministration();
  serving = new FakeModels();
  chat = new FakeTurns({
    keep: (sessionId, item, parentId, responseId) =>
      this.keepItem(sessionId, item, parentId, responseId),
    newest: (sessionId) => this.items.get(sessionId)?.at(-1),
  });
  codes = new Set<string>();
  sessions: Session[] = [];
  items = new Map<string, Item[]>();
  knowledge = new FakeKnowledge();
  library = new FakeLibrary(() => this.sessions);
  shelf = new FakeDocuments();
  others = [this.administration, this.chat, this.serving, this.library, this.knowledge, this.shelf];
  sent: Sent[] = [];
  /** Answers instead of the routes, for `METHOD /path`; a string breaks the connection. */
  broken = new Map<string, Response | "no connection">();

  fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const body = await bodyOf(request);
    const path = url.pathname.replace(/^\/api/, "");
    const bearer = request.headers.get("authorization") ?? "";
    const { method, signal } = request;
    const sent = { method, path, query: url.searchParams, body, bearer, signal };
    this.sent.push(sent);
    const broken = this.broken.get(`${request.method} ${path}`);
    if (broken === "no connection") throw new TypeError("Failed to fetch");
    if (broken) return broken.clone();
    if (path !== "/sign-in" && !this.knows(bearer)) return refusal(401, "Sign in first.");
    return this.routed(sent);
  };

  private knows(bearer: string): boolean {
    return bearer ? this.bearers.has(bearer.replace("Bearer ", "")) : this.signedIn;
  }

  /** Adds a session with this many messages: odd ones the user's, even ones the assistant's. */
  addSession(id: string, given: Partial<Session> = {}, messages = 0): Session {
    const created = new Date(Date.UTC(2026, 0, 1, 0, this.sessions.length)).toISOString();
    const session: Session = {
      id,
      name: `Name of ${id}`,
      configuration: {},
      first_message: "",
      item_count: 0,
      revision: 1,
      project_id: null,
      created,
      updated: created,
      version: 1,
      ...given,
    };
    this.sessions.unshift(session);
    this.items.set(id, []);
    for (let n = 1; n <= messages; n++) this.addItem(id, n % 2 ? "user" : "assistant", `Said ${n}`);
    return session;
  }

  addItem(sessionId: string, role: Item["role"], said: string, id?: string): Item {
    const known = this.items.get(sessionId) ?? [];
    const twin = known.find((item) => item.id === id);
    if (twin) return twin;
    const sequence = known.length + 1;
    const item: Item = {
      id: id ?? `${sessionId}-${sequence}`,
      type: "message",
      role,
      parts: [{ type: "input_text", text: said }],
      status: "completed",
      metadata: {},
      removed: false,
      sequence,
      created: new Date(Date.UTC(2026, 0, 1, 0, 0, sequence)).toISOString(),
    };
    known.push(item);
    const session = this.sessions.find((one) => one.id === sessionId);
    if (session) {
      session.item_count = known.length;
      session.revision += 1;
    }
    return item;
  }

  /** Keeps an item as a turn does, once however often it is sent; returns its id. */
  private keepItem(
    sessionId: string,
    { id, type, role, status, content, ...rest }: WireItem,
    parentId: string | null,
    responseId: string,
  ): string {
    const item = this.addItem(sessionId, (role as Item["role"]) ?? null, "", id);
    const parts = type === "message" ? content : [rest];
    Object.assign(item, { type, parts, parent_id: parentId, response_id: responseId });
    if (status) item.status = status as Item["status"];
    return id;
  }

  private routed(sent: Sent): Response | Promise<Response> {
    const routes = [...this.routes, ...fileRoutes, ...this.others.flatMap((other) => other.routes)];
    for (const [method, pattern, answer] of routes) {
      const match = method === sent.method && sent.path.match(pattern);
      if (!match) continue;
      const id = match[1] ?? "";
      if (id && sent.path.startsWith("/sessions") && !this.sessions.some((one) => one.id === id))
        return refusal(404, "There is no such session.");
      return answer(sent, id);
    }
    return refusal(404, `The fake server has no ${sent.method} ${sent.path}`);
  }

  private mark({ path }: Sent, id: string): Response {
    const itemId = path.split("/")[4];
    const item = this.items.get(id)?.find((one) => one.id === itemId);
    if (!item) return refusal(404, "There is no such item.");
    item.removed = path.endsWith("/remove");
    return json(item);
  }

  private imported({ body, query }: Sent): Response {
    const into = query.get("into");
    const session = into ? this.find(into) : this.addSession("imported", body.session);
    for (const item of body.items)
      this.addItem(session.id, item.role, item.parts[0]?.text, item.id);
    return json(session, 201);
  }

  private find = (id: string) => this.sessions.find((one) => one.id === id) as Session;

  private routes: Route[] = [
    ["GET", /^\/me$/, () => json(this.me)],
    ["POST", /^\/sign-in$/, ({ body }) => this.signIn(String(body.code))],
    [
      "POST",
      /^\/sign-out$/,
      () => {
        this.signedIn = false;
        return nothing();
      },
    ],
    ["GET", /^\/sessions$/, ({ query }) => found(this.sessions, this.items, query)],
    [
      "POST",
      /^\/sessions$/,
      ({ body }) => json(this.addSession("fresh", { name: "", ...body }), 201),
    ],
    ["POST", /^\/sessions\/import$/, (sent) => this.imported(sent)],
    ["GET", /^\/sessions\/([^/]+)$/, (_, id) => json(this.find(id))],
    [
      "PATCH",
      /^\/sessions\/([^/]+)$/,
      ({ body }, id) => {
        const renamed = {
          ...this.find(id),
          ...body,
          version: this.find(id).version + 1,
        };
        this.sessions = this.sessions.map((one) => (one.id === id ? renamed : one));
        return json(renamed);
      },
    ],
    [
      "DELETE",
      /^\/sessions\/([^/]+)$/,
      (_, id) => {
        this.sessions = this.sessions.filter((one) => one.id !== id);
        return nothing();
      },
    ],
    [
      "GET",
      /^\/sessions\/([^/]+)\/items$/,
      ({ query }, id) => {
        const items = [...(this.items.get(id) ?? [])];
        return page(query.get("order") === "desc" ? items.reverse() : items, query);
      },
    ],
    [
      "POST",
      /^\/sessions\/([^/]+)\/items$/,
      ({ body }, id) => {
        const added = (body.items ?? []).map((one: SentItem) =>
          this.addItem(id, "user", one.parts[0]?.text ?? "", one.id),
        );
        return json({ items: added }, 201);
      },
    ],
    [
      "POST",
      /^\/sessions\/([^/]+)\/items\/[^/]+\/(?:remove|restore)$/,
      (sent, id) => this.mark(sent, id),
    ],
    [
      "GET",
      /^\/sessions\/([^/]+)\/export$/,
      ({ query }, id) => {
        const second = query.get("cursor");
        const items = (this.items.get(id) ?? []).filter((_, at) => (second ? at > 0 : at === 0));
        const link = `</api/sessions/${id}/export?cursor=1&format=json>; rel="next"`;
        return json({ session: this.find(id), items }, 200, second ? {} : { link });
      },
    ],
  ];

  private signIn(code: string): Response {
    if (!this.codes.delete(code))
      return refusal(401, "This link was used already.", "Run `lisa login-url` for a new one.");
    this.signedIn = true;
    return nothing();
  }
}
