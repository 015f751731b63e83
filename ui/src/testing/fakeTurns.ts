/** Turns of the gateway in memory: each keeps its events, replays them and goes on without a reader. */
import type { StoredItem } from "../api/conversations";
import type { WireEvent, WireItem, WireResponse } from "../api/responses";
import { json, type Route, refusal, type Sent } from "./answers";

type Listener = { tell: (event: WireEvent) => void; end: () => void; cut: () => void };

export class FakeTurn {
  readonly events: WireEvent[] = [];
  status = "in_progress";
  output: WireItem[] = [];
  error: WireResponse["error"] = null;
  reason = "";
  private readonly listeners = new Set<Listener>();
  private text = "";

  constructor(
    readonly id: string,
    readonly asked: Sent["body"],
    private readonly onEnd: (turn: FakeTurn) => void,
  ) {
    this.emit({ type: "response.created", response: this.shown() });
  }

  shown(): WireResponse {
    const isOver = this.status !== "in_progress";
    return {
      id: this.id,
      status: this.status,
      model: this.asked.model,
      output: isOver ? this.output : [],
      usage: isOver ? { input_tokens: 1_200, output_tokens: 345 } : null,
      error: this.error,
      incomplete_details: this.reason ? { reason: this.reason } : null,
      lisa: { first_token_ms: 84, total_ms: 3_210, tokens_per_second: 107.5, cost: 0.00123 },
    };
  }

  emit(event: WireEvent): void {
    const numbered = { ...event, sequence_number: this.events.length };
    this.events.push(numbered);
    for (const listener of [...this.listeners]) listener.tell(numbered);
  }

  /** Says some more of the message that is being said. */
  say(words: string): this {
    const id = `${this.id}_said`;
    const place = { item_id: id, output_index: 0, content_index: 0 };
    if (!this.text) {
      const item = { id, type: "message", role: "assistant", status: "in_progress", content: [] };
      this.emit({ type: "response.output_item.added", output_index: 0, item });
    }
    this.text += words;
    this.emit({ type: "response.output_text.delta", ...place, delta: words });
    return this;
  }

  /** Adds a whole item. */
  add(item: WireItem): this {
    this.output.push(item);
    this.emit({ type: "response.output_item.added", item });
    this.emit({ type: "response.output_item.done", item });
    return this;
  }

  end(status = "completed", code = "", message = ""): this {
    if (this.status !== "in_progress") return this;
    this.status = status;
    if (status === "failed") this.error = { code, message };
    else this.reason = code;
    const itemStatus = status === "completed" ? "completed" : "incomplete";
    if (this.text) this.output.push(said(`${this.id}_said`, this.text, itemStatus));
    this.onEnd(this);
    const type = status === "cancelled" ? "response.incomplete" : `response.${status}`;
    this.emit({ type, response: this.shown() });
    for (const listener of this.listeners) listener.end();
    this.listeners.clear();
    return this;
  }

  /** Every connection breaks; the turn goes on. */
  cut(): void {
    for (const listener of this.listeners) listener.cut();
    this.listeners.clear();
  }

  stream(after: number, signal: AbortSignal): Response {
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const listener: Listener = {
          tell: (event) =>
            controller.enqueue(
              encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
            ),
          end: () => controller.close(),
          cut: () => controller.error(new TypeError("network error")),
        };
        for (const event of this.events.slice(after + 1)) listener.tell(event);
        if (this.status !== "in_progress") return controller.close();
        this.listeners.add(listener);
        signal.addEventListener("abort", () => {
          if (this.listeners.delete(listener)) controller.error(signal.reason);
        });
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }
}

const said = (id: string, text: string, status: string): WireItem => ({
  id,
  type: "message",
  role: "assistant",
  status,
  content: [{ type: "output_text", text }],
});

interface Kept {
  keep: (sessionId: string, item: WireItem, parentId: string | null, responseId: string) => string;
  newest: (sessionId: string) => StoredItem | undefined;
}

export class FakeTurns {
  turns: FakeTurn[] = [];
  /** What becomes of a turn that was asked; by itself it says back what was said to it. */
  answer: (turn: FakeTurn) => void = (turn) => {
    const input = turn.asked.input?.at(-1)?.content?.[0]?.text ?? "nothing";
    turn.say(`You said: ${input}`).end();
  };

  constructor(private readonly kept: Kept) {}

  get last(): FakeTurn {
    return this.turns.at(-1) as FakeTurn;
  }

  routes: Route[] = [
    ["POST", /^\/v1\/responses$/, (sent) => this.begin(sent)],
    ["GET", /^\/v1\/responses\/([^/]+)$/, (sent, id) => this.read(sent, id)],
    ["POST", /^\/v1\/responses\/([^/]+)\/cancel$/, (_, id) => this.cancel(id)],
  ];

  private begin({ body, signal }: Sent): Response {
    const { conversation, input, lisa } = body;
    const id = `resp_${this.turns.length + 1}`;
    const newest = this.kept.newest(conversation)?.id ?? null;
    let parent = lisa.parent_id === undefined ? newest : lisa.parent_id;
    for (const item of input) parent = this.kept.keep(conversation, item, parent, id);
    const turn = new FakeTurn(id, body, ({ output }) => {
      for (const item of output) parent = this.kept.keep(conversation, item, parent, id);
    });
    this.turns.push(turn);
    const stream = turn.stream(-1, signal);
    this.answer(turn);
    return stream;
  }

  private read({ query, signal }: Sent, id: string): Response {
    const turn = this.turns.find((one) => one.id === id);
    if (!turn) return refusal(404, "There is no such response.");
    if (query.get("stream") !== "true") return json(turn.shown());
    return turn.stream(Number(query.get("starting_after") ?? -1), signal);
  }

  private cancel(id: string): Response {
    const turn = this.turns.find((one) => one.id === id);
    if (!turn) return refusal(404, "There is no such response.");
    return json(turn.end("cancelled").shown());
  }
}
