/** Everything there is to do or to open, found by typing. */
import { Dialog } from "@base-ui/react/dialog";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useSearch } from "../api/sessions";
import { type Command, matchingCommands, useCommands } from "../lib/commands";
import { asProblem, sentence } from "../lib/problem";
import { sessionTitle } from "../lib/sessionTitle";
import { paletteText as words } from "../lib/words/palette";
import { useOwnCommands } from "./commands";

const POPUP =
  "fixed top-[12vh] left-1/2 z-30 flex max-h-[70vh] w-[36rem] max-w-[calc(100vw-2rem)] " +
  "-translate-x-1/2 flex-col overflow-hidden rounded-xl border bg-popover shadow-xl";
const REST_MS = 200;
const MOST_SESSIONS = 8;

interface Props {
  onClose: () => void;
  onNewSession: () => void;
  returnFocus: () => HTMLElement | null;
}

export default function Palette({ onClose, onNewSession, returnFocus }: Props) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const { found, state } = useFound(typed, onNewSession);
  const chosen = Math.min(at, found.length - 1);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step && found.length > 0) setAt((chosen + step + found.length) % found.length);
    else if (event.key === "Enter") run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-30 bg-backdrop" />
        <Dialog.Popup className={POPUP} finalFocus={returnFocus}>
          <Dialog.Title className="sr-only">{words.title}</Dialog.Title>
          <input
            role="combobox"
            aria-expanded="true"
            aria-controls={id}
            aria-activedescendant={found[chosen] ? `${id}-${chosen}` : undefined}
            aria-label={words.label}
            placeholder={words.placeholder}
            value={typed}
            maxLength={500}
            onKeyDown={onKeyDown}
            onChange={(event) => {
              setTyped(event.target.value);
              setAt(0);
            }}
            className="min-h-12 w-full rounded-t-xl border-b bg-transparent px-4 -outline-offset-2 placeholder:text-muted-foreground"
          />
          <Results id={id} found={found} chosen={chosen} onRun={run} />
          <p role="status" className="px-4 py-2 text-xs text-muted-foreground">
            {state}
          </p>
          <p className="border-t px-4 py-2 text-xs text-muted-foreground max-sm:hidden">
            {words.hint}
          </p>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface ResultsProps {
  id: string;
  found: readonly Command[];
  chosen: number;
  onRun: (command: Command) => void;
}

function Results({ id, found, chosen, onRun }: ResultsProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView?.({ block: "nearest" });
  }, [id, chosen]);
  const groups = [...new Set(found.map(({ group }) => group))];
  return (
    <div
      ref={box}
      id={id}
      role="listbox"
      aria-label={words.results}
      className="min-h-0 flex-1 overflow-y-auto p-2 empty:hidden"
    >
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: options of a listbox are grouped by role
        <div key={group} role="group" aria-label={group}>
          <p aria-hidden="true" className="px-3 pt-2 pb-1 text-xs text-muted-foreground">
            {group}
          </p>
          {found.map((command, at) => {
            if (command.group !== group) return null;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
              <div
                key={command.id}
                id={`${id}-${at}`}
                role="option"
                tabIndex={-1}
                aria-selected={at === chosen}
                onClick={() => onRun(command)}
                className="flex min-h-9 cursor-pointer items-center justify-between gap-3 rounded-lg px-3 text-sm hover:bg-muted aria-selected:bg-primary/20"
              >
                <span className="truncate">{command.name}</span>
                {command.keys && <kbd className="shrink-0 font-sans text-xs">{command.keys}</kbd>}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}

/** Commands at once; sessions that say it when the fingers rest. */
function useFound(typed: string, onNewSession: () => void) {
  const offered = useCommands();
  // What Enter does before anything is typed is the same on every page.
  const [first, ...others] = useOwnCommands(onNewSession);
  const commands = matchingCommands([...(first ? [first] : []), ...offered, ...others], typed);
  const search = useSearch(useRested(typed.trim()));
  const sessions = useSessionCommands(typed.trim() ? (search.data ?? []) : []);
  const groups = [...new Set(commands.map(({ group }) => group))];
  // In the order in which they are shown, so that the arrow keys go down the list.
  const ordered = groups.flatMap((group) => commands.filter((one) => one.group === group));
  const found = [...ordered, ...sessions];
  return { found, state: stateOf(found.length, search) };
}

function stateOf(count: number, search: ReturnType<typeof useSearch>): string {
  if (search.isLoading) return words.searching;
  if (search.error) return `${words.failed} ${sentence(asProblem(search.error))}`;
  return count === 0 ? words.none : words.count(count);
}

function useSessionCommands(found: NonNullable<ReturnType<typeof useSearch>["data"]>): Command[] {
  const navigate = useNavigate();
  const once = new Map([...found].reverse().map((one) => [one.session.id, one]));
  return [...once.values()]
    .reverse()
    .slice(0, MOST_SESSIONS)
    .map(({ session, item_id }) => ({
      id: `open ${session.id}`,
      name: sessionTitle(session),
      group: words.groups.sessions,
      run: () =>
        void navigate({
          to: "/sessions/$sessionId",
          params: { sessionId: session.id },
          search: { item: item_id ?? undefined },
        }),
    }));
}

function useRested(typed: string): string {
  const [rested, setRested] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setRested(typed), REST_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return rested;
}
