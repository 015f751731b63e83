/** Models, what was used of them, and the gateway of the server in memory. */
import type { Model, NewModel, Tried } from "../api/models";
import type { Call, Line, Used } from "../api/usage";
import { canBeCalled } from "../lib/modelStatus";
import { json, page, type Route, refusal, type Sent } from "./answers";
import { FakeHosting } from "./fakeHosting";

const DAY = Date.UTC(2026, 0, 1);
const NO_TIME = { mean: null, p50: null, p95: null };

const NOTHING_USED: Used = {
  requests: 0,
  errors: 0,
  cache_hits: 0,
  unsettled: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  cached_tokens: 0,
  reasoning_tokens: 0,
  images: 0,
  cost: 0,
  first_byte_ms: NO_TIME,
  total_ms: NO_TIME,
};

export class FakeModels {
  models: Model[] = [];
  tried: Tried[] = [];
  lines: Line[] = [];
  total: Used = NOTHING_USED;
  calls: Call[] = [];
  /** What the gateway streams: sent piece by piece, the end only if `isOver`. */
  pieces: string[] = [];
  isOver = true;
  vector: number[] = [];
  hosting = new FakeHosting(this);

  addModel(modelId: string, given: Partial<Model> = {}): Model {
    const created = new Date(DAY).toISOString();
    const model: Model = {
      modelId,
      modelName: modelId,
      modelUrl: null,
      modelDescription: "",
      modelType: "textgen",
      streaming: true,
      features: [],
      allowedGroups: [],
      hostingType: "third_party",
      status: "InService",
      contextWindow: null,
      maxTokens: null,
      fallbacks: [],
      limits: {},
      prices: null,
      timeouts: { connect: 5, firstByte: 120, idle: 120, total: 3600 },
      cacheSeconds: 0,
      upstreams: [{ id: "main", kind: "openai", url: "there/v1", target: "", key: null }],
      builtIn: false,
      reason: "",
      nextStep: "",
      run: "",
      hosting: null,
      scheduling: null,
      created,
      createdBy: "ada",
      changed: created,
      version: 1,
      ...given,
    };
    this.models.push(model);
    return model;
  }

  change(modelId: string, change: Partial<Model>): Model {
    const known = this.models.find((one) => one.modelId === modelId) as Model;
    const model = { ...known, ...change, version: known.version + 1 };
    this.models = this.models.map((one) => (one.modelId === modelId ? model : one));
    return model;
  }

  addLine(name: string, given: Partial<Line> = {}): void {
    const start = new Date().toISOString();
    this.lines.push({ ...NOTHING_USED, start, name, requests: 1, ...given });
    this.total = { ...this.total, requests: this.total.requests + 1 };
  }

  addCall(given: Partial<Call> = {}): void {
    const id = `call_${this.calls.length + 1}`;
    const at = new Date(DAY + this.calls.length).toISOString();
    this.calls.unshift({
      ...NOTHING_USED,
      id,
      at,
      ended_at: at,
      subject: "ada",
      token_id: null,
      model: "small",
      endpoint: "chat",
      upstream: "main",
      served_by: "small",
      tries: 1,
      status: 200,
      ended: "done",
      streamed: true,
      cache_hit: false,
      estimated: false,
      price_source: "",
      first_byte_ms: 80,
      total_ms: 900,
      unsettled: false,
      ...given,
    });
  }

  routes: Route[] = [
    ...this.hosting.routes,
    ["GET", /^\/models$/, ({ query }) => this.modelPage(query)],
    ["POST", /^\/models$/, ({ body }) => this.made(body)],
    ["POST", /^\/models\/test$/, () => json({ ok: true, results: this.tried })],
    ["GET", /^\/models\/(.+)$/, (_, id) => this.one(id)],
    ["PUT", /^\/models\/(.+)$/, (sent, id) => this.changed(sent, decodeURIComponent(id))],
    ["DELETE", /^\/models\/(.+)$/, (_, id) => this.removed(decodeURIComponent(id))],
    ["GET", /^\/usage$/, ({ query }) => this.usage(query)],
    ["GET", /^\/usage\/calls$/, ({ query }) => page(this.calls, query)],
    [
      "GET",
      /^\/usage\/export$/,
      () => new Response(["id", ...this.calls.map(({ id }) => id)].join("\n")),
    ],
    [
      "GET",
      /^\/v1\/models$/,
      () => json({ data: this.listed().map((one) => ({ id: one.modelId })) }),
    ],
    ["GET", /^\/v1\/model\/info$/, () => json({ data: this.listed().map(infoOf) })],
    ["POST", /^\/v1\/chat\/completions$/, ({ signal }) => this.stream(signal)],
    [
      "POST",
      /^\/v1\/embeddings$/,
      () => json({ data: [{ embedding: this.vector }], usage: { prompt_tokens: 3 } }),
    ],
  ];

  private modelPage(query: URLSearchParams): Response {
    const from = Number(query.get("cursor") || 0);
    const to = from + Number(query.get("limit"));
    const nextCursor = to < this.models.length ? String(to) : "";
    return json({ models: this.models.slice(from, to), nextCursor });
  }

  /** What the gateway lists. */
  private listed = () => this.models.filter(canBeCalled);

  private one(id: string): Response {
    const model = this.models.find((each) => each.modelId === decodeURIComponent(id));
    return model ? json({ model }) : refusal(404, "There is no such model.");
  }

  private made({ modelId, apiKey: _, ...given }: NewModel): Response {
    if (this.models.some((one) => one.modelId === modelId))
      return refusal(409, `there is a model ${modelId} already`);
    const status = given.hosting ? "Creating" : "InService";
    return json({ model: this.addModel(modelId, { ...given, status } as Partial<Model>) });
  }

  private removed(id: string): Response {
    const model = this.models.find((one) => one.modelId === id);
    if (model?.hosting) return json({ model: this.change(id, { status: "Deleting" }) });
    this.models = this.models.filter((one) => one !== model);
    return json({ model });
  }

  private changed({ body: { version, enabled, ...change } }: Sent, id: string): Response {
    const known = this.models.find((one) => one.modelId === id);
    if (version !== known?.version) return refusal(409, "the model is at another version by now");
    if (known?.hosting) return json({ model: this.hosting.changed(known, enabled, change) });
    const status = { status: enabled ? "InService" : "Stopped" } as const;
    return json({ model: this.change(id, enabled === undefined ? change : status) });
  }

  private usage(query: URLSearchParams): Response {
    const { lines, total } = this;
    const [since, until] = [query.get("from"), query.get("to")];
    return json({ since, until, items: lines, total, next_cursor: "" });
  }

  private stream(signal: AbortSignal): Response {
    const encoder = new TextEncoder();
    const { pieces, isOver } = this;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(encoder.encode(piece));
        if (isOver) controller.close();
        else signal.addEventListener("abort", () => controller.error(signal.reason));
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }
}

const MODES: Record<string, string> = { textgen: "chat" };

const infoOf = ({ modelId, modelType }: Model) => ({
  model_name: modelId,
  model_info: { mode: MODES[modelType] ?? modelType },
});
