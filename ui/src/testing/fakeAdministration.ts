/** Tokens, configuration, audit and accounts of the server in memory. */
import type { Entry } from "../api/audit";
import type { Version } from "../api/configuration";
import type { Token } from "../api/tokens";
import type { User } from "../api/users";
import { json, nothing, page, type Route, refusal, type Sent } from "./answers";

const DAY = Date.UTC(2026, 0, 1);
const dayAfter = (days: number) => new Date(DAY + days * 86_400_000).toISOString();

export const DOCUMENT = {
  enabledComponents: { deleteSessionHistory: true, bedrockAgents: false, somethingNew: true },
  systemBanner: { isEnabled: false, text: "", textColor: "", backgroundColor: "" },
  announcement: { isEnabled: false, message: "" },
  global: { defaultModel: null },
  maxProjectsPerUser: 50,
};

export class FakeAdministration {
  tokens: Token[] = [];
  entries: Entry[] = [];
  users: User[] = [];
  /** The newest first. */
  versions: Version[] = [
    { version: 0, configuration: DOCUMENT, changed: null, changed_by: "", reason: "" },
  ];

  addToken(given: Partial<Token> = {}): Token {
    const number = this.tokens.length + 1;
    const token: Token = {
      id: `token_${number}`,
      name: `Token ${number}`,
      owner: "ada",
      kind: "user",
      groups: [],
      admin: false,
      rag_admin: false,
      scopes: [],
      limits: {},
      created: dayAfter(number),
      created_by: "ada",
      expires: null,
      former_until: null,
      disabled: false,
      last_used: null,
      ...given,
    };
    this.tokens.unshift(token);
    return token;
  }

  addEntry(given: Partial<Entry> = {}): Entry {
    const number = this.entries.length + 1;
    const entry: Entry = {
      id: `audit_${number}`,
      when: dayAfter(number),
      who: "ada",
      verb: "change",
      kind: "token",
      object_id: `token_${String(number).padStart(32, "0")}`,
      outcome: "allowed",
      ...given,
    };
    this.entries.unshift(entry);
    return entry;
  }

  addUser(name: string, given: Partial<User> = {}): User {
    const user = { name, groups: [], disabled: false, created: dayAfter(1), version: 1, ...given };
    this.users.push(user);
    return user;
  }

  /** Somebody changes the configuration. */
  change(configuration: Version["configuration"], reason = "", changed_by = "grace"): Version {
    const version = (this.versions[0]?.version ?? 0) + 1;
    const next = { version, configuration, changed: dayAfter(version), changed_by, reason };
    this.versions.unshift(next);
    return next;
  }

  routes: Route[] = [
    ["GET", /^\/tokens$/, ({ query }) => page(this.tokensOf(query.get("owner")), query)],
    ["POST", /^\/tokens$/, ({ body }) => this.issued(this.addToken(wantedOf(body)), 201)],
    ["PATCH", /^\/tokens\/([^/]+)$/, ({ body }, id) => json(this.tokenChanged(id, body))],
    ["DELETE", /^\/tokens\/([^/]+)$/, (_, id) => this.revoke(id)],
    [
      "POST",
      /^\/tokens\/([^/]+)\/rotate$/,
      (_, id) => this.issued(this.tokenChanged(id, { former_until: dayAfter(9) })),
    ],
    ["GET", /^\/configurations\/current$/, () => json(this.versions[0])],
    ["GET", /^\/configurations\/history$/, ({ query }) => page(this.versions.slice(0, -1), query)],
    ["PUT", /^\/configurations\/current$/, (sent) => this.configured(sent)],
    ["GET", /^\/audit$/, ({ query }) => page(this.found(query), query)],
    [
      "GET",
      /^\/audit\/export$/,
      ({ query }) =>
        new Response(
          this.found(query)
            .map((one) => `${one.id}\n`)
            .join(""),
        ),
    ],
    ["GET", /^\/users$/, ({ query }) => page(this.users, query)],
    [
      "POST",
      /^\/users$/,
      ({ body }) => json(this.addUser(body.name, { groups: body.groups }), 201),
    ],
    ["PATCH", /^\/users\/([^/]+)$/, ({ body }, name) => json(this.userChanged(name, body))],
    [
      "DELETE",
      /^\/users\/([^/]+)$/,
      (_, name) => {
        this.users = this.users.filter((one) => one.name !== name);
        return nothing();
      },
    ],
    ["POST", /^\/me\/password$/, () => nothing()],
  ];

  private tokensOf(owner: string | null): Token[] {
    return this.tokens.filter((one) => !owner || one.owner === owner);
  }

  private issued(token: Token, status = 200): Response {
    return json({ ...token, token: `lisa_secret-of-${token.id}` }, status);
  }

  private tokenChanged(id: string, change: Partial<Token>): Token {
    const token = { ...(this.tokens.find((one) => one.id === id) as Token), ...change };
    this.tokens = this.tokens.map((one) => (one.id === id ? token : one));
    return token;
  }

  private revoke(id: string): Response {
    this.tokens = this.tokens.filter((one) => one.id !== id);
    return nothing();
  }

  private configured({ body }: Sent): Response {
    if (body.version !== this.versions[0]?.version)
      return refusal(409, "The configuration changed meanwhile.");
    return json(this.change(body.configuration, body.reason, "ada"));
  }

  private found(query: URLSearchParams): Entry[] {
    const fits = (name: string, value: unknown) => !query.get(name) || query.get(name) === value;
    return this.entries.filter(
      (one) =>
        fits("actor", one.who) &&
        fits("kind", one.kind) &&
        fits("verb", one.verb) &&
        one.when >= (query.get("since") ?? "") &&
        one.when < (query.get("until") ?? "9"),
    );
  }

  private userChanged(name: string, { version: _, password: __, ...change }: Sent["body"]): User {
    const known = this.users.find((one) => one.name === name) as User;
    const user = { ...known, ...change, version: known.version + 1 };
    this.users = this.users.map((one) => (one.name === name ? user : one));
    return user;
  }
}

/** What isn't asked for is as the server would have it. */
function wantedOf(body: Partial<Token>): Partial<Token> {
  const given = Object.entries(body).filter(([, value]) => value !== null);
  return Object.fromEntries(given) as Partial<Token>;
}
