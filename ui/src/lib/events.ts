/** Server-sent events, as models stream their answers. */

/** Cuts text that comes in pieces of any size into the data of each event. */
export class EventReader {
  private rest = "";
  private data: string[] = [];

  /** Takes a piece and returns what is complete by now. */
  read(piece: string): string[] {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.complete(line));
  }

  private complete(line: string): string[] {
    if (line === "") {
      const event = this.data.join("\n");
      const isThere = this.data.length > 0;
      this.data = [];
      return isThere ? [event] : [];
    }
    if (line.startsWith("data:")) this.data.push(line.slice(5).replace(/^ /, ""));
    return [];
  }
}

/** The data of each event of an answer, as it comes. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const events = new EventReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield* events.read(decoder.decode(value, { stream: true }));
    }
    // Some servers forget the empty line after the last event.
    yield* events.read(`${decoder.decode()}\n\n`);
  } finally {
    void reader.cancel().catch(() => {});
  }
}
