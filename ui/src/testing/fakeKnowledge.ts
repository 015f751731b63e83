/** Repositories, collections and documents of the server in memory. */
import type { Collection } from "../api/collections";
import type { Found, Hit } from "../api/knowledgeSearch";
import type { Pipeline, Repository, Run } from "../api/repositories";
import type { OfferedKind } from "../api/storeKinds";
import { json, type Route, refusal, type Sent } from "./answers";
import { jobOf } from "./fakeDocuments";
import { FakeEvaluations } from "./fakeEvaluations";

const AT = new Date(Date.UTC(2026, 0, 1)).toISOString();
const CHUNKING = { strategy: "structure", size: 220, overlap: 40 } as const;
const ABOUT = {
  description: "",
  tags: [],
  facts: {},
  chunking: CHUNKING,
  allowsChunkingOverride: true,
  embeddingModel: "lisa-embed",
  reason: "",
  created: AT,
  createdBy: "ada",
  updated: AT,
  version: 1,
};

export class FakeKnowledge {
  repositories: Repository[] = [];
  collections: Collection[] = [];
  runs: Run[] = [];
  found: Found = { hits: [], timings: {} };
  /** Nothing where the server is too old to tell. */
  storeKinds: OfferedKind[] | null = null;
  measuring = new FakeEvaluations();

  addRepository(given: Partial<Repository> = {}): Repository {
    const repository: Repository = {
      ...ABOUT,
      repositoryId: "local",
      name: "Local",
      type: "pgvector",
      store: {
        kind: "pgvector",
        address: "",
        credentials: "",
        options: {},
        own: false,
        serverless: false,
      },
      status: "CREATE_COMPLETE",
      nextStep: "",
      run: "",
      groups: [],
      pipelines: [],
      mayChange: true,
      mayDelete: true,
      mayCreateCollections: true,
      mayChangePipelines: true,
      ...given,
    };
    this.repositories.push(repository);
    return repository;
  }

  addCollection(given: Partial<Collection> = {}): Collection {
    const { repositoryId = "local", collectionId = "default" } = given;
    const collection: Collection = {
      ...ABOUT,
      repositoryId,
      collectionId,
      name: "Default",
      vectorStoreId: `${repositoryId}.${collectionId}`,
      status: "ACTIVE",
      groups: null,
      private: false,
      isDefault: false,
      language: "simple",
      readsTables: false,
      dimension: 0,
      mayAdd: true,
      mayChange: true,
      mayDelete: true,
      ...given,
    };
    this.collections.push(collection);
    return collection;
  }

  hit(given: Partial<Hit> = {}): Hit {
    return {
      repositoryId: "local",
      collectionId: "default",
      documentId: "file_1",
      name: "whales.txt",
      ordinal: 5,
      text: "Whales sing.",
      page: 6,
      lastPage: 6,
      start: 50,
      end: 60,
      headings: ["Songs"],
      tags: [],
      facts: {},
      score: 0.5,
      scores: { dense: 0.75, dense_rank: 1, lexical: 3.2, lexical_rank: 2, fused: 0.0325 },
      ...given,
    };
  }

  pipeline(given: Partial<Pipeline> = {}): Pipeline {
    return {
      id: "nightly",
      source: "/srv/papers",
      collectionId: null,
      trigger: "schedule",
      cron: "0 2 * * *",
      autoRemove: true,
      chunking: null,
      tags: [],
      facts: {},
      next: AT,
      last: null,
      ...given,
    };
  }

  routes: Route[] = [
    ["GET", /^\/repositories$/, () => json({ repositories: this.repositories, nextCursor: "" })],
    ["GET", /^\/repositories\/store-kinds$/, () => this.kinds()],
    ["POST", /^\/repositories$/, ({ body }) => json(this.addRepository(shown(body)), 201)],
    ["GET", /^\/repositories\/([^/]+)$/, (_, id) => this.repository(id)],
    ["PUT", /^\/repositories\/([^/]+)$/, ({ body }, id) => this.changedRepository(id, body)],
    ["DELETE", /^\/repositories\/([^/]+)$/, (_, id) => this.leaving(id)],
    [
      "GET",
      /^\/repositories\/([^/]+)\/collections$/,
      () => json({ collections: this.collections, nextCursor: "" }),
    ],
    [
      "POST",
      /^\/repositories\/([^/]+)\/collections$/,
      ({ body }, repositoryId) =>
        json(this.addCollection({ ...body, repositoryId, collectionId: "made" }), 201),
    ],
    ["GET", /^\/collections$/, ({ query }) => json(this.sought(query))],
    [
      "GET",
      /^\/repositories\/[^/]+\/pipelines$/,
      () => json({ pipelines: this.repositories.flatMap(({ pipelines }) => pipelines) }),
    ],
    ["GET", /^\/repositories\/.+\/runs$/, () => json({ runs: this.runs, nextCursor: "" })],
    ["POST", /^\/repositories\/.+\/pipelines\/([^/]+)\/run$/, (_, id) => json({ pipelineId: id })],
    ["POST", /^\/search$/, () => json(this.found)],
    ...this.collectionRoutes(),
    ...this.measuring.routes,
  ];

  private collectionRoutes(): Route[] {
    const one = /^\/repositories\/[^/]+\/collections\/([^/]+)$/;
    const by = (id: string) => this.collections.find(({ collectionId }) => collectionId === id);
    return [
      [
        "GET",
        one,
        (_, id) => (by(id) ? json(by(id)) : refusal(404, "There is no such collection.")),
      ],
      [
        "PUT",
        one,
        ({ body }, id) => {
          Object.assign(by(id) ?? {}, body);
          return json(by(id));
        },
      ],
      [
        "DELETE",
        one,
        (_, id) => {
          this.collections = this.collections.filter(({ collectionId }) => collectionId !== id);
          return json(jobOf(1), 202);
        },
      ],
      ["GET", /^\/.+\/collections\/.+\/contents$/, () => json({ documents: 2, passages: 30 })],
    ];
  }

  private kinds(): Response {
    return this.storeKinds
      ? json({ kinds: this.storeKinds })
      : refusal(404, "There is no such repository.");
  }

  private sought(query: URLSearchParams) {
    const wanted = query.get("query") ?? "";
    const fitting = this.collections.filter(({ name }) => name.includes(wanted));
    const from = Number(query.get("cursor") || 0);
    const to = from + Number(query.get("limit"));
    const nextCursor = to < fitting.length ? String(to) : "";
    return { collections: fitting.slice(from, to), nextCursor };
  }

  private repository(id: string): Response {
    const found = this.repositories.find(({ repositoryId }) => repositoryId === id);
    return found ? json(found) : refusal(404, "There is no such repository.");
  }

  private changedRepository(id: string, { version, ...change }: Sent["body"]): Response {
    const found = this.repositories.find(({ repositoryId }) => repositoryId === id);
    if (found?.version !== version) return refusal(409, "Somebody was faster.");
    Object.assign(found ?? {}, change, { version: version + 1 });
    return json(found);
  }

  private leaving(id: string): Response {
    const found = this.repositories.find(({ repositoryId }) => repositoryId === id);
    this.repositories = this.repositories.filter((one) => one !== found);
    return json({ ...found, status: "DELETE_IN_PROGRESS" }, 202);
  }
}

const shown = ({ store, ...rest }: Sent["body"]) => ({
  ...rest,
  type: store.kind,
  store: { address: "", credentials: "", options: {}, own: false, serverless: false, ...store },
  ...(store.own && { status: "CREATE_IN_PROGRESS" }),
});
