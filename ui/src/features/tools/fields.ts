/** A tool server as its form has it, and as the API wants it. */
import type { NewToolServer, ToolServer } from "../../api/toolServers";
import { listed } from "../../lib/listed";
import { toolText } from "../../lib/words/tools";

export const EVERYBODY = "lisa:public";
export const SHARINGS = ["me", "groups", "all"] as const;
export type Sharing = (typeof SHARINGS)[number];

/** A header; a secret that is kept already is known by its name alone. */
export interface HeaderRow {
  row: number;
  name: string;
  value: string;
  isKept: boolean;
}

export interface Fields {
  name: string;
  description: string;
  transport: ToolServer["transport"];
  url: string;
  command: string;
  headers: HeaderRow[];
  credentials: HeaderRow[];
  sharing: Sharing;
  groups: string;
  active: boolean;
}

export const emptyFields: Fields = {
  name: "",
  description: "",
  transport: "http",
  url: "",
  command: "",
  headers: [],
  credentials: [],
  sharing: "me",
  groups: "",
  active: true,
};

const named = (groups: string[]) => groups.filter((group) => group !== EVERYBODY);

export function fieldsOf(server: ToolServer): Fields {
  const { name, description, transport, url, active, groups } = server;
  const rest = named(groups).join(", ");
  return {
    ...{ name, description, transport, url, active, groups: rest },
    command: server.command.join("\n"),
    headers: Object.entries(server.headers).map(([key, value], row) => ({
      row,
      name: key,
      value,
      isKept: false,
    })),
    credentials: server.credentials.map((key, row) => ({
      row,
      name: key,
      value: "",
      isKept: true,
    })),
    sharing: groups.includes(EVERYBODY) ? "all" : groups.length > 0 ? "groups" : "me",
  };
}

export function newRow(rows: HeaderRow[]): HeaderRow {
  const row = Math.max(-1, ...rows.map((one) => one.row)) + 1;
  return { row, name: "", value: "", isKept: false };
}

/** `known` are the credentials that are kept: one that is missing now is to be forgotten. */
export function wanted(fields: Fields, known: string[] = []): NewToolServer {
  const { name, description, transport, active } = fields;
  const isProgram = transport === "stdio";
  return {
    name: name.trim(),
    description: description.trim(),
    transport,
    active,
    url: isProgram ? "" : fields.url.trim(),
    command: isProgram ? linesOf(fields.command) : [],
    headers: Object.fromEntries(filled(fields.headers)),
    credentials: credentialsOf(fields.credentials, known),
    groups: groupsOf(fields),
  };
}

const linesOf = (typed: string) =>
  typed
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

const filled = (rows: HeaderRow[]): [string, string][] =>
  rows
    .filter(({ name, value }) => name.trim() !== "" && value !== "")
    .map(({ name, value }) => [name.trim(), value]);

function credentialsOf(rows: HeaderRow[], known: string[]): Record<string, string | null> {
  const there = new Set(rows.map(({ name }) => name.trim()));
  const forgotten = known.filter((name) => !there.has(name));
  return Object.fromEntries([...forgotten.map((name) => [name, null]), ...filled(rows)]);
}

function groupsOf({ sharing, groups }: Fields): string[] {
  if (sharing === "me") return [];
  return sharing === "all" ? [EVERYBODY] : listed(groups);
}

export function sharedWith({ groups }: ToolServer): string {
  const everybody = groups.includes(EVERYBODY) ? [toolText.everybody] : [];
  return [...everybody, ...named(groups)].join(", ") || toolText.onlyOwner;
}
