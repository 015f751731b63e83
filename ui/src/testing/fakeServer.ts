/** A server in memory, spoken to by fetch: the one thing that tests of pages make up. */

import type { Me } from "../api/identity";
import type { Item } from "../api/items";
import type { Session } from "../api/sessions";
import { json, nothing, page, type Route, refusal, type Sent } from "./answers";
import { FakeAdministration } from "./fakeAdministration";
import { FakeModels } from "./fakeModels";

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
  codes = new Set<string>();
  sessions: Session[] = [];
  items = new Map<string, Item[]>();
  sent: Sent[] = [];
  /** Answers instead of the routes, for `METHOD /path`; a string breaks the connection. */
  broken = new Map<string, Response | "no connection">();

  fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const body = JSON.parse((await request.text()) || "{}");
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
      sequence,
      created: new Date(Date.UTC(2026, 0, 1, 0, 0, sequence)).toISOString(),
    };
    known.push(item);
    const session = this.sessions.find((one) => one.id === sessionId);
    if (session) session.item_count = known.length;
    return item;
  }

  private routed(sent: Sent): Response {
    const routes = [...this.routes, ...this.administration.routes, ...this.serving.routes];
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
    ["GET", /^\/sessions$/, ({ query }) => page(this.sessions, query)],
    ["POST", /^\/sessions$/, () => json(this.addSession("fresh", { name: "" }), 201)],
    ["GET", /^\/sessions\/([^/]+)$/, (_, id) => json(this.find(id))],
    [
      "PATCH",
      /^\/sessions\/([^/]+)$/,
      ({ body }, id) => {
        const renamed = {
          ...this.find(id),
          name: String(body.name),
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
