/** Events come by the hundred a second: a page that is drawn a dozen times a second keeps up with them. */

/** Whoever waits for the first words sees them grow more often. */
const EAGER = { forMs: 1_000, everyMs: 50 };
const EVERY_MS = 80;

export class Batches<Thing> {
  private waiting: Thing[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private began = Number.NEGATIVE_INFINITY;
  private delivered = Number.NEGATIVE_INFINITY;

  constructor(private readonly deliver: (things: Thing[]) => void) {}

  add(thing: Thing): void {
    this.waiting.push(thing);
    this.timer ??= setTimeout(() => this.flush(), this.pause());
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting.length === 0) return;
    this.delivered = performance.now();
    this.deliver(this.waiting.splice(0));
  }

  /** After a silence it begins anew. */
  private pause(): number {
    const now = performance.now();
    if (now - this.delivered > EAGER.forMs) this.began = now;
    return now - this.began < EAGER.forMs ? EAGER.everyMs : EVERY_MS;
  }
}
