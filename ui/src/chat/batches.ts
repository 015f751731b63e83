/** Events come by the hundred a second; a page that is drawn twenty times a second looks smooth. */
export class Batches<Thing> {
  private waiting: Thing[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly deliver: (things: Thing[]) => void,
    private readonly everyMs = 50,
  ) {}

  add(thing: Thing): void {
    this.waiting.push(thing);
    this.timer ??= setTimeout(() => this.flush(), this.everyMs);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting.length > 0) this.deliver(this.waiting.splice(0));
  }
}
