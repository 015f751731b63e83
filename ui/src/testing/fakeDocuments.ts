/** Documents of the server in memory: put there, read, removed. */
import type { Passage, RagDocument } from "../api/documents";
import type { Put } from "../api/put";
import { json, type Route, type Sent } from "./answers";

const AT = new Date(Date.UTC(2026, 0, 1)).toISOString();

export const jobOf = (total: number) => ({
  jobId: "job_1",
  repositoryId: "local",
  collectionId: "default",
  pipelineId: "",
  owner: "ada",
  type: "document_batch_ingestion",
  total,
  done: 0,
  failed: 0,
  skipped: 0,
  cause: "",
  isOver: false,
  created: AT,
  updated: AT,
});

const ALL = "/repositories/[^/]+/collections/[^/]+/documents";

export class FakeDocuments {
  documents: RagDocument[] = [];
  passages: Passage[] = [];
  /** What was put where links allowed it. */
  put: string[] = [];
  /** What becomes of a link; by itself what is put there is taken. */
  onPut: Put = async ({ onProgress }) => {
    onProgress(1);
    return { status: 200, body: "" };
  };

  addDocument(name: string, given: Partial<RagDocument> = {}): RagDocument {
    const document: RagDocument = {
      repositoryId: "local",
      collectionId: "default",
      documentId: `file_${this.documents.length + 1}`,
      name,
      owner: "ada",
      size: 1_000,
      contentType: "text/plain",
      kind: "text",
      pages: null,
      characters: 1_000,
      status: "INGESTION_COMPLETED",
      passages: 3,
      expected: 3,
      attempts: 1,
      cause: "",
      causeCode: "",
      nextStep: "",
      warnings: [],
      tags: [],
      facts: {},
      chunking: null,
      source: "",
      jobId: "job_1",
      hasContent: true,
      mayChange: true,
      created: AT,
      updated: AT,
      version: 1,
      ...given,
    };
    this.documents.unshift(document);
    return document;
  }

  change(name: string, some: Partial<RagDocument>): void {
    this.documents = this.documents.map((one) => (one.name === name ? { ...one, ...some } : one));
  }

  addPassages(count: number): void {
    this.passages = Array.from({ length: count }, (_, ordinal) => ({
      ordinal,
      text: `Passage number ${ordinal}.`,
      page: ordinal + 1,
      lastPage: ordinal + 1,
      headings: ["Chapter"],
      start: ordinal * 10,
      end: ordinal * 10 + 10,
    }));
  }

  putFile: Put = async (putting) => {
    this.put.push(putting.url);
    return this.onPut(putting);
  };

  private by = (id: string) => this.documents.find(({ documentId }) => documentId === id);

  routes: Route[] = [
    ["POST", /^\/.+\/uploads$/, ({ body }) => json(this.linkTo(body), 201)],
    ["GET", new RegExp(`^${ALL}$`), ({ query }) => json(this.listed(query))],
    ["POST", new RegExp(`^${ALL}$`), () => json({ job: jobOf(1), documents: [] }, 202)],
    ["POST", new RegExp(`^${ALL}/removal$`), ({ body }) => this.removed(body.documentIds)],
    ["POST", new RegExp(`^${ALL}/retry$`), ({ body }) => this.retried(body.documentIds)],
    ["GET", new RegExp(`^${ALL}/([^/]+)$`), (_, id) => json(this.by(id))],
    ["GET", new RegExp(`^${ALL}/[^/]+/content$`), () => json({ url: "/get/1", expires: AT })],
    ["GET", new RegExp(`^${ALL}/[^/]+/passages$`), ({ query }) => json(this.read(query))],
  ];

  private linkTo({ name, size }: Sent["body"]) {
    const { documentId } = this.addDocument(name, {
      size,
      status: "INGESTION_PENDING",
      passages: 0,
      expected: 0,
    });
    return { documentId, url: `/files/${documentId}?signature=s`, expires: AT };
  }

  private listed(query: URLSearchParams) {
    const [name, status] = [query.get("name") ?? "", query.get("status")];
    const documents = this.documents.filter(
      (one) => one.name.includes(name) && (!status || one.status === status),
    );
    return { documents, nextCursor: "" };
  }

  private removed(ids: string[]): Response {
    this.documents = this.documents.filter(({ documentId }) => !ids.includes(documentId));
    return json({ job: jobOf(ids.length) }, 202);
  }

  private retried(ids: string[] | null): Response {
    const meant = this.documents.filter(
      ({ documentId, status }) => ids?.includes(documentId) ?? status === "INGESTION_FAILED",
    );
    for (const one of meant) this.change(one.name, { status: "INGESTION_PENDING", cause: "" });
    return json({ job: jobOf(meant.length) }, 202);
  }

  private read(query: URLSearchParams) {
    const first = Number(query.get("first"));
    return { passages: this.passages.slice(first, first + Number(query.get("limit"))) };
  }
}
