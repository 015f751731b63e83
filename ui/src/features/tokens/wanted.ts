/** From the fields of the form to the token that is asked for. */
import type { Me } from "../../api/identity";
import type { Limits, NewToken } from "../../api/tokens";
import { listed } from "../../lib/listed";
import { MODEL } from "./describe";

export const LIVES = [7, 30, 90, 365] as const;
const DAY_MS = 86_400_000;

export interface Fields {
  name: string;
  kind: "user" | "service";
  owner: string;
  groups: string;
  admin: boolean;
  control: boolean;
  inference: boolean;
  models: string;
  /** In days; empty for ever. */
  life: string;
  requests: string;
  tokens: string;
  budget: string;
}

export const EMPTY: Fields = {
  name: "",
  kind: "user",
  owner: "",
  groups: "",
  admin: false,
  control: false,
  inference: false,
  models: "",
  life: "90",
  requests: "",
  tokens: "",
  budget: "",
};

export function wanted(fields: Fields, me: Me, isForAll: boolean, now = Date.now()): NewToken {
  const isService = fields.kind === "service";
  const life = Number(fields.life) * DAY_MS;
  return {
    name: fields.name.trim(),
    kind: fields.kind,
    groups: isService ? listed(fields.groups) : null,
    owner: isService && me.admin ? ownerOf(fields, me, isForAll) : null,
    admin: fields.admin && me.admin,
    rag_admin: false,
    scopes: scopesOf(fields),
    limits: limitsOf(fields),
    expires: life ? new Date(now + life).toISOString() : null,
  };
}

/** On one's own page a program acts for oneself, so that its token stands in the list there. */
function ownerOf(fields: Fields, me: Me, isForAll: boolean): string {
  return isForAll ? fields.owner.trim() || fields.name.trim() : me.subject;
}

function scopesOf({ control, inference, models }: Fields): string[] | null {
  const scopes = [
    ...(control ? ["control"] : []),
    ...(inference ? ["inference", ...listed(models).map((id) => MODEL + id)] : []),
  ];
  return scopes.length ? scopes : null;
}

function limitsOf({ requests, tokens, budget }: Fields): Limits {
  const number = (typed: string) => (typed.trim() ? Number(typed) : null);
  return {
    requests_per_minute: number(requests),
    tokens_per_minute: number(tokens),
    budget_usd_per_month: number(budget),
  };
}
