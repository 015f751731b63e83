/** Begins or joins a turn and stays with it to its end, whatever becomes of the connection. */
import type { Api } from "../api/client";
import { beginTurn, type TurnBody, type WireEvent, watchTurn } from "../api/responses";
import { asProblem, Problem } from "../lib/problem";
import { text } from "../lib/strings";
import { Batches } from "./batches";
import type { Running } from "./running";
import type { Action } from "./state";
import { watch } from "./watch";

/** Why a turn never began: nothing that was asked is lost, and it can be asked again. */
class NotBegun extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

export interface Host {
  running: () => Running | null;
  dispatch: (action: Action) => void;
  onBegun: () => void;
  onOver: () => void;
}

export class Runner {
  private turn = new AbortController();
  private readonly batches: Batches<WireEvent>;

  constructor(
    private readonly api: Api,
    private readonly gone: AbortSignal,
    private readonly host: Host,
  ) {
    this.batches = new Batches((events) => host.dispatch({ type: "came", events }));
  }

  /** Stays with the running turn; with a body it is begun first. */
  async run(body: TurnBody | null): Promise<void> {
    const turn = new AbortController();
    this.turn = turn;
    try {
      const signal = AbortSignal.any([turn.signal, this.gone]);
      await watch({ ...this.watched, open: this.opener(body) }, signal);
    } catch (error) {
      this.flush();
      const problem = error instanceof NotBegun ? error.problem : asProblem(error);
      if (!turn.signal.aborted) this.host.dispatch({ type: "refused", problem });
    }
    this.flush();
    this.host.onOver();
  }

  /** A turn is begun once. What is lost before it has a name may have begun or not. */
  private opener(body: TurnBody | null) {
    let unsent = body;
    return async (after: number, signal: AbortSignal) => {
      const id = this.host.running()?.responseId;
      if (id) return watchTurn(this.api, id, after, signal);
      if (!unsent) throw new NotBegun(new Problem(0, text.unreachable, text.unreachableNext));
      const begun = beginTurn(this.api, unsent, signal);
      unsent = null;
      return begun.catch((error) => Promise.reject(new NotBegun(asProblem(error))));
    };
  }

  private readonly watched = {
    lastSequence: () => {
      this.flush();
      return this.host.running()?.lastSequence ?? -1;
    },
    isOver: () => {
      this.flush();
      return this.host.running() === null;
    },
    onLost: () => this.host.dispatch({ type: "lost" }),
    onEvent: (event: WireEvent) => {
      const hadName = this.host.running()?.responseId;
      this.batches.add(event);
      if (hadName || !event.response) return;
      this.flush();
      this.host.onBegun();
    },
  };

  /** Leaves the turn to itself. */
  abort(): void {
    this.turn.abort();
    this.flush();
  }

  flush(): void {
    this.batches.flush();
  }
}
