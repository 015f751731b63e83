/** What can be done from the command palette; pages and features add to it while they are shown. */
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Command {
  id: string;
  name: string;
  /** The heading it stands under. */
  group: string;
  /** Other words by which somebody may look for it. */
  words?: string;
  /** The keys that do the same, as one reads them. */
  keys?: string;
  run: () => void;
}

let offered: readonly (readonly Command[])[] = [];
const listeners = new Set<() => void>();

function offer(next: typeof offered): void {
  offered = next;
  for (const tell of listeners) tell();
}

/** Adds commands; what it returns takes them away again. */
export function offerCommands(commands: readonly Command[]): () => void {
  offer([...offered, commands]);
  return () => offer(offered.filter((one) => one !== commands));
}

/** Offers commands as long as the component is there; `run` is always that of the last drawing. */
export function useOfferedCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const looks = JSON.stringify(commands);
  useEffect(() => {
    const shown = JSON.parse(looks) as Omit<Command, "run">[];
    return offerCommands(
      shown.map((one, at) => ({ ...one, run: () => latest.current[at]?.run() })),
    );
  }, [looks]);
}

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => void listeners.delete(tell);
};

export const useCommands = (): readonly Command[] =>
  useSyncExternalStore(subscribe, () => offered).flat();

/** Those whose words all begin somewhere in the command's, the best first. */
export function matchingCommands(commands: readonly Command[], typed: string): Command[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (command: Command, word: string) =>
    ` ${command.name} ${command.group} ${command.words ?? ""}`.toLowerCase().includes(` ${word}`);
  const found = commands.filter((one) => wanted.every((word) => has(one, word)));
  const inName = (one: Command) =>
    wanted.every((word) => ` ${one.name}`.toLowerCase().includes(` ${word}`));
  return [...found.filter(inName), ...found.filter((one) => !inName(one))];
}
