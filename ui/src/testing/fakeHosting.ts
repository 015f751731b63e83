/** What the server in memory runs itself: engines, timelines, replicas, schedules. */
import type {
  CatalogueEntry,
  Engine,
  Hosting,
  ModelEvent,
  Replica,
  Scheduled,
} from "../api/hostedTypes";
import type { Model } from "../api/models";
import { json, type Route, type Sent } from "./answers";
import type { FakeModels } from "./fakeModels";

export const HOSTING: Hosting = {
  kind: "processes",
  engine: "vllm",
  weights: { source: "acme/small-7b", revision: "main", trustRemoteCode: false },
  options: { max_model_len: 4096 },
  environment: { HF_TOKEN: "secret:hub" },
  image: "",
  instanceType: "",
  gpus: 1,
  scaling: {
    minimum: 1,
    maximum: 2,
    desired: 1,
    metric: "requests",
    target: 30,
    cooldownSeconds: 300,
    warmupSeconds: 180,
    planned: [],
  },
  health: {
    path: "",
    intervalSeconds: 30,
    timeoutSeconds: 10,
    healthyAfter: 2,
    unhealthyAfter: 3,
    startSeconds: 1800,
  },
  diskGb: 50,
  sharedMemoryMb: 0,
  idleSeconds: 1800,
};

export const ENGINE: Engine = {
  name: "vllm",
  title: "vLLM",
  capabilities: ["textgen", "embedding"],
  options: {
    properties: {
      max_model_len: {
        anyOf: [{ type: "integer", minimum: 1, maximum: 1e9 }, { type: "null" }],
        description: "Tokens of prompt and answer together.",
      },
      dtype: {
        anyOf: [{ type: "string", enum: ["auto", "half"] }, { type: "null" }],
        description: "Number format of the computation.",
      },
      enforce_eager: { type: "boolean", description: "No CUDA graphs." },
      n_layers: {
        anyOf: [{ type: "integer" }, { type: "string", enum: ["all"] }, { type: "null" }],
        description: "Layers on the GPU.",
      },
      override: {
        anyOf: [{ type: "object" }, { type: "null" }],
        description: "Sampling defaults.",
      },
    },
  },
  refused: [{ name: "port", reason: "LISA chooses where an engine listens" }],
};

const fact = (value: number | null) => ({ value, source: "a page", date: "2026-01-01" });

const KNOWN: CatalogueEntry = {
  id: "acme/Known-8B",
  name: "Known 8B",
  type: "textgen",
  engine: "vllm",
  instanceType: "g6.2xlarge",
  context: fact(32_768),
  parameters: fact(8_000_000_000),
  dimension: null,
  cacheBytes: null,
  options: { max_model_len: 16_384 },
  remark: "It needs one GPU.",
};

export class FakeHosting {
  engines = [ENGINE];
  hosts = ["processes"];
  instanceTypes = ["g6.2xlarge", "g6.12xlarge", "m7i.large"];
  catalogue = [KNOWN];
  replicas: Replica[] = [];
  things: string[] = [];
  lines: string[] = [];
  schedules: Scheduled[] = [];
  private events: ModelEvent[] = [];
  private waiting: (() => void)[] = [];

  constructor(private readonly models: FakeModels) {}

  addModel(modelId: string, given: Partial<Model> = {}): Model {
    const hosted: Partial<Model> = { hostingType: "lisa_hosted", hosting: HOSTING, upstreams: [] };
    return this.models.addModel(modelId, { ...hosted, ...given });
  }

  /** Something is done to the model, and whoever waits for it hears of it. */
  happen(step: string, given: Partial<ModelEvent> = {}): void {
    this.events.push({
      sequence: this.events.length + 1,
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, this.events.length)).toISOString(),
      run: "run-1",
      workflow: "create_model",
      step,
      phase: "done",
      status: "Creating",
      words: "",
      cause: "",
      nextStep: "",
      ...given,
    });
    for (const tell of this.waiting.splice(0)) tell();
  }

  changed(model: Model, enabled: boolean | undefined, change: Sent["body"]): Model {
    const { hosting, autoScalingInstanceConfig: capacity, ...rest } = change;
    if (enabled !== undefined)
      return this.models.change(model.modelId, { status: enabled ? "Starting" : "Stopping" });
    const scaling = capacity && {
      ...model.hosting?.scaling,
      minimum: capacity.minCapacity,
      desired: capacity.desiredCapacity,
      maximum: capacity.maxCapacity,
    };
    const runs = { ...model.hosting, ...hosting, ...(scaling && { scaling }) };
    return this.models.change(model.modelId, { ...rest, hosting: runs as Hosting });
  }

  routes: Route[] = [
    [
      "GET",
      /^\/models\/metadata\/engines$/,
      () => json({ engines: this.engines, hosts: this.hosts }),
    ],
    ["GET", /^\/models\/metadata\/catalogue$/, () => json({ models: this.catalogue })],
    ["GET", /^\/models\/metadata\/instances$/, () => json(this.instanceTypes)],
    ["GET", /^\/models\/metadata\/schedules$/, () => json({ schedules: this.schedules })],
    ["GET", /^\/models\/(.+)\/events$/, (sent) => this.told(sent)],
    ["GET", /^\/models\/(.+)\/replicas$/, (_, id) => this.running(id)],
    ["GET", /^\/models\/.+\/replicas\/(.+)\/logs$/, ({ query }) => this.log(query)],
    ["GET", /^\/models\/(.+)\/removal$/, () => json({ things: this.things })],
    ["PUT", /^\/models\/(.+)\/schedule$/, ({ body }, id) => this.scheduled(id, body)],
    ["DELETE", /^\/models\/(.+)\/schedule$/, (_, id) => this.scheduled(id, null)],
  ];

  private async told({ query, signal }: Sent): Promise<Response> {
    const after = Number(query.get("after"));
    const isThere = () => this.events.some(({ sequence }) => sequence > after);
    if (!isThere() && Number(query.get("wait")) > 0)
      await new Promise<void>((tell) => {
        this.waiting.push(tell);
        signal.addEventListener("abort", () => tell());
      });
    const events = this.events.filter(({ sequence }) => sequence > after);
    return json({ events, next: events.at(-1)?.sequence ?? after });
  }

  private running(id: string): Response {
    const model = this.models.models.find(({ modelId }) => modelId === decodeURIComponent(id));
    const { minimum, maximum, desired } = (model?.hosting ?? HOSTING).scaling;
    return json({
      state: "ready",
      words: "",
      cause: "",
      nextStep: "",
      told: this.replicas.length ? "2026-01-01T00:00:00Z" : null,
      minimum,
      maximum,
      desired,
      replicas: this.replicas,
      lastUsed: null,
      underWay: 0,
      idleSeconds: 1800,
    });
  }

  private log(query: URLSearchParams): Response {
    const [cursor, limit] = [query.get("cursor"), Number(query.get("limit"))];
    const isBackward = query.get("backward") === "true";
    const end = isBackward ? Number(cursor || this.lines.length) : Number(cursor || 0) + limit;
    const from = Math.max(0, end - limit);
    const lines = this.lines.slice(from, end);
    const earlierCursor = isBackward && from > 0 ? String(from) : "";
    return json({ lines, nextCursor: String(from + lines.length), earlierCursor });
  }

  private scheduled(id: string, scheduling: Model["scheduling"]): Response {
    const modelId = decodeURIComponent(id);
    this.models.change(modelId, { scheduling });
    this.schedules = this.schedules.filter((one) => one.modelId !== modelId);
    return json({ message: "", modelId, scheduleEnabled: scheduling !== null });
  }
}
