/** Keeps hold of a running turn: a connection that breaks is taken up where it broke. */
import type { WireEvent } from "../api/responses";
import { Problem } from "../lib/problem";

const PAUSES_MS = [300, 1_000, 2_000, 5_000];
const LONGEST_MS = 10_000;

export interface Watched {
  /** Where to go on; -1 before the first event. */
  lastSequence: () => number;
  isOver: () => boolean;
  open: (after: number, signal: AbortSignal) => Promise<AsyncGenerator<WireEvent>>;
  onEvent: (event: WireEvent) => void;
  onLost: () => void;
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Returns when the turn is over or the signal stops it; throws what isn't a lost connection. */
export async function watch(watched: Watched, signal: AbortSignal): Promise<void> {
  const isDone = () => watched.isOver() || signal.aborted;
  for (let failures = 0; !isDone(); failures++) {
    const before = watched.lastSequence();
    await listened(watched, before, signal);
    if (isDone()) return;
    watched.onLost();
    if (watched.lastSequence() > before) failures = 0;
    await (watched.pause ?? pause)(PAUSES_MS[failures] ?? LONGEST_MS, signal);
  }
}

async function listened(watched: Watched, after: number, signal: AbortSignal): Promise<void> {
  try {
    for await (const event of await watched.open(after, signal)) watched.onEvent(event);
  } catch (error) {
    if (!signal.aborted && !isLost(error)) throw error;
  }
}

/** The network is away, or a server in between is: what it was asked for goes on regardless. */
export const isLost = (error: unknown) =>
  error instanceof TypeError ||
  (error instanceof DOMException && error.name === "NetworkError") ||
  (error instanceof Problem && (error.status === 0 || error.status >= 500));

/** Waits, and not longer than until the browser is back on the network. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      window.removeEventListener("online", go);
      signal.removeEventListener("abort", go);
      resolve();
    };
    const timer = setTimeout(go, ms);
    window.addEventListener("online", go);
    signal.addEventListener("abort", go);
  });
}
