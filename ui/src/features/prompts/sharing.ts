/** With whom a prompt is shared, as people choose and read it. */
import { EVERYBODY, type Prompt } from "../../api/prompts";
import { promptText } from "../../lib/words/prompts";

export const SHARINGS = ["me", "groups", "all"] as const;
export type Sharing = (typeof SHARINGS)[number];

type Shared = Pick<Prompt, "groups">;

export function sharingOf({ groups }: Shared): Sharing {
  if (groups.includes(EVERYBODY)) return "all";
  return groups.length > 0 ? "groups" : "me";
}

export const namedGroups = ({ groups }: Shared) => groups.filter((group) => group !== EVERYBODY);

export function groupNames(shared: Shared): string[] {
  return sharingOf(shared) === "all"
    ? [promptText.everybody, ...namedGroups(shared)]
    : namedGroups(shared);
}

export function groupsOf(sharing: Sharing, names: string[]): string[] {
  if (sharing === "me") return [];
  return sharing === "all" ? [EVERYBODY] : names;
}
