/** Up and down lead from row to row, so that Tab needs one stop and not hundreds. */
import type { KeyboardEvent } from "react";

const ROW = "[data-row]";

export function onArrowKeys(event: KeyboardEvent<HTMLElement>): void {
  const from = (event.target as Element).closest(ROW);
  if (!from || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(ROW)];
  const at = rows.indexOf(from as HTMLElement);
  const targets: Record<string, HTMLElement | undefined> = {
    ArrowDown: rows[at + 1],
    ArrowUp: rows[at - 1],
    Home: rows[0],
    End: rows.at(-1),
  };
  const target = targets[event.key];
  if (!target) return;
  event.preventDefault();
  target.focus();
}
