/** What may be chosen of a store that is made: as texts in fields, as values when they are sent. */
import type { OfferedKind, OptionValue, StoreOption } from "../../../api/storeKinds";
import { repositoryText } from "../../../lib/words/repositories";

const words = repositoryText.form;

export type Options = Record<string, OptionValue>;

export const usualOptions = ({ options }: OfferedKind): Options =>
  Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default]));

/** Nothing where any number between its bounds will do. */
export function choicesOf({ choices, default: usual }: StoreOption): OptionValue[] | null {
  return choices ?? (typeof usual === "boolean" ? [true, false] : null);
}

export function toldValue(value: OptionValue): string {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  return String(value);
}

/** The names of what is chosen, with the values, as people read them. */
export function toldOptions({ options }: OfferedKind, chosen: Options): [string, string][] {
  return Object.entries(options).map(([name, option]) => [
    option.label,
    toldValue(chosen[name] ?? option.default),
  ]);
}
