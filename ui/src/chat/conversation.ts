/** One session in this tab: reads it, runs its turns, and tells whoever listens what it knows. */
import type { Api } from "../api/client";
import { markItems, newestItems } from "../api/conversations";
import { cancelTurn, readTurn, type TurnBody, type WireResponse } from "../api/responses";
import { type Entry, entriesOf, madeUp, NOT_KEPT_YET, newestOf } from "./entries";
import { Runner } from "./runner";
import { isOpen } from "./running";
import { type Action, type ChatState, type Decision, leafOf, NOTHING, reduce } from "./state";
import { Tabs } from "./tabs";
import { type Turn, turnBody } from "./turnBody";

export type Asking = Omit<Turn, "sessionId">;

/** A turn as it was asked: asking again asks the very same. */
interface Asked {
  entries: Entry[];
  parentId: string | null;
  model: string;
  body: TurnBody;
}

export class Conversation {
  private state: ChatState = NOTHING;
  private readonly listeners = new Set<() => void>();
  private readonly gone = new AbortController();
  private tabs: Tabs | null = null;
  private readonly runner: Runner;
  private asked: Asked | null = null;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly api: Api,
    readonly sessionId: string,
    /** A turn began or ended: what others show of this session is old. */
    private readonly onChange: () => void,
  ) {
    this.runner = new Runner(api, this.gone.signal, {
      running: () => this.state.running,
      dispatch: (action) => this.dispatch(action),
      onBegun: () => this.changed(),
      onOver: onChange,
    });
  }

  /** From here on news of other tabs are followed, until it is closed. */
  open(): void {
    this.tabs ??= new Tabs(this.sessionId, () => void this.refresh().catch(() => {}));
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = () => this.state;

  get isClosed(): boolean {
    return this.gone.signal.aborted;
  }

  private dispatch(action: Action): void {
    const next = reduce(this.state, action);
    if (next === this.state) return;
    this.state = next;
    for (const listener of this.listeners) listener();
  }

  /** Reads what is new, and goes on watching if the newest turn isn't over. One reading at a time. */
  refresh(): Promise<void> {
    this.reading ??= this.read().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  private async read(): Promise<void> {
    for await (const { items, isFirst } of newestItems(
      this.api,
      this.sessionId,
      this.gone.signal,
    )) {
      const isKnown = items.some(({ id, sequence }) => this.sequenceOf(id) === sequence);
      this.dispatch({ type: "loaded", entries: entriesOf(items), isWhole: isFirst });
      if (isKnown && this.state.isWhole) break;
      void this.followNewest();
    }
    await this.followNewest();
  }

  private sequenceOf = (id: string) => this.state.entries.get(id)?.sequence;

  private async followNewest(): Promise<void> {
    const newest = newestOf(this.state.entries);
    const id = newest?.responseId;
    if (!newest || !id || this.state.facts[id] || this.state.running) return;
    const response = await readTurn(this.api, id, this.gone.signal).catch(() => null);
    if (!response || this.state.running) return;
    if (!isOpen(response)) return this.dispatch({ type: "learned", response });
    this.dispatch({ type: "watching", response, parentId: newest.id });
    void this.runner.run(null);
  }

  /** Asks for a turn; false where one is running already. */
  ask(asking: Asking): boolean {
    if (this.state.running) return false;
    if (this.state.refused) this.dispatch({ type: "withdrawn" });
    const leaf = leafOf(this.state);
    const newest = newestOf(this.state.entries);
    const parentId = asking.parentId === undefined ? (leaf?.id ?? null) : asking.parentId;
    const isNext = asking.parentId === undefined && leaf?.id === newest?.id;
    this.asked = {
      entries: madeUp(asking.input, parentId),
      parentId,
      model: asking.setup.model,
      body: turnBody({
        ...asking,
        sessionId: this.sessionId,
        // Without a place the server goes on after the newest item, whoever said that.
        parentId: isNext ? undefined : parentId,
      }),
    };
    this.begin(this.asked);
    return true;
  }

  private begin({ entries, parentId, model, body }: Asked): void {
    const after = entries.at(-1)?.id ?? parentId;
    this.dispatch({ type: "asked", entries, parentId: after, model });
    void this.runner.run(body);
  }

  /** Asks once more for what didn't begin, unless it did begin and only the word of it was lost. */
  async askAgain(): Promise<void> {
    const { asked } = this;
    if (!asked || this.state.running) return;
    await this.refresh().catch(() => {});
    if (this.state.running) return;
    if (this.turnOf(asked)) this.dispatch({ type: "excused" });
    else this.begin(asked);
  }

  private turnOf(asked: Asked | null): string | null {
    const kept = asked?.entries.map(({ id }) => this.state.entries.get(id)) ?? [];
    return kept.find((entry) => entry && entry.sequence !== NOT_KEPT_YET)?.responseId ?? null;
  }

  /** Stops at the server, whatever the model does; what had come is kept. */
  async stop(): Promise<void> {
    const { running } = this.state;
    if (!running || running.isStopping) return;
    this.dispatch({ type: "stopping" });
    if (running.responseId) return this.cancel(running.responseId);
    this.runner.abort();
    this.end({ id: "", status: "cancelled" });
    await this.refresh();
    const id = this.turnOf(this.asked);
    if (id) await this.cancel(id);
  }

  private async cancel(id: string): Promise<void> {
    try {
      const response = await cancelTurn(this.api, id);
      // Where another process runs the turn its end comes as an event, a moment later.
      if (isOpen(response)) return;
      this.runner.abort();
      this.end(response);
    } catch (error) {
      this.dispatch({ type: "resumed" });
      throw error;
    }
  }

  private end(response: WireResponse): void {
    this.dispatch({ type: "ended", response });
    this.changed();
  }

  private changed(): void {
    this.tabs?.tell();
    this.onChange();
  }

  choose = (entryId: string) => this.dispatch({ type: "chosen", entryId });

  decide = (requestId: string, decision: Decision) =>
    this.dispatch({ type: "decided", requestId, decision });

  /** Reads what is known of an earlier turn. */
  async learn(responseId: string): Promise<void> {
    const response = await readTurn(this.api, responseId, this.gone.signal);
    this.dispatch({ type: "learned", response });
  }

  /** Takes items out of sight, or back; on the page at once, and back if the server won't. */
  async mark(entryIds: readonly string[], removed: boolean): Promise<void> {
    this.dispatch({ type: "marked", entryIds, removed });
    try {
      await markItems(this.api, this.sessionId, [...entryIds], removed);
    } catch (error) {
      this.dispatch({ type: "marked", entryIds, removed: !removed });
      throw error;
    }
    this.tabs?.tell();
  }

  close(): void {
    this.gone.abort();
    this.runner.flush();
    this.tabs?.close();
  }
}
