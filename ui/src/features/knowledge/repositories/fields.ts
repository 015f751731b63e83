/** Between the fields of a repository, which are texts, and a repository as it is sent. */
import type {
  NewRepository,
  Repository,
  RepositoryChange,
  StoreKind,
} from "../../../api/repositories";
import { listed } from "../../../lib/listed";
import { repositoryText } from "../../../lib/words/repositories";
import { type ChunkingFields, chunkingFields, chunkingOf, USUAL } from "../chunking";
import type { Options } from "./storeOptions";

export const STEPS = ["store", "embedder", "chunking", "access", "review"] as const;
export type Step = (typeof STEPS)[number];
export const KINDS: StoreKind[] = ["pgvector", "opensearch"];

/** The deployment's own store, one at an address, or one that LISA makes. */
export type Where = "own" | "there" | "made";

export interface Fields {
  id: string;
  name: string;
  description: string;
  kind: StoreKind;
  where: Where;
  serverless: boolean;
  address: string;
  credentials: string;
  /** Of a store that is made, by their names. */
  options: Options;
  model: string;
  chunking: ChunkingFields;
  mayOverride: boolean;
  groups: string;
  tags: string;
}

export const EMPTY: Fields = {
  id: "",
  name: "",
  description: "",
  kind: "pgvector",
  where: "own",
  serverless: false,
  address: "",
  credentials: "",
  options: {},
  model: "",
  chunking: USUAL,
  mayOverride: true,
  groups: "",
  tags: "",
};

export const fieldsOf = (repository: Repository): Fields => ({
  ...EMPTY,
  id: repository.repositoryId,
  name: repository.name,
  description: repository.description,
  kind: repository.type,
  model: repository.embeddingModel,
  chunking: chunkingFields(repository.chunking),
  mayOverride: repository.allowsChunkingOverride,
  groups: repository.groups.join(", "),
  tags: repository.tags.join(", "),
});

const described = (fields: Fields) => ({
  name: fields.name.trim(),
  description: fields.description.trim(),
  chunking: chunkingOf(fields.chunking),
  allowsChunkingOverride: fields.mayOverride,
  groups: listed(fields.groups),
  tags: listed(fields.tags),
});

export const changeOf = (fields: Fields): RepositoryChange => described(fields);

export const wantedOf = (fields: Fields): NewRepository => ({
  ...described(fields),
  repositoryId: fields.id.trim(),
  store: storeOf(fields),
  ...(fields.model && { embeddingModel: fields.model }),
});

function storeOf(fields: Fields): NewRepository["store"] {
  const { kind, where, options } = fields;
  const serverless = isServerless(fields) && { serverless: true };
  if (where === "own") return { kind };
  if (where === "made") return { kind, own: true, options, ...serverless };
  const [address, credentials] = [fields.address.trim(), fields.credentials.trim()];
  return { kind, address, credentials, ...serverless };
}

export const isServerless = ({ kind, where, serverless }: Fields) =>
  serverless && kind === "opensearch" && where !== "own";

export const toldKind = (kind: StoreKind, serverless: boolean) =>
  serverless ? repositoryText.serverless : repositoryText.kinds[kind];

/** What will be made, as people read it. */
export function toldWanted(fields: Fields): string {
  const kind = toldKind(fields.kind, isServerless(fields));
  if (fields.where === "own") return repositoryText.ownStore(kind);
  if (fields.where === "made") return repositoryText.madeStore(kind);
  return repositoryText.storeAt(kind, fields.address.trim());
}

/** Where its passages lie, as people read it; not everybody is told. */
export function toldStore({ type, store }: Repository): string {
  if (!store) return repositoryText.kinds[type];
  const kind = toldKind(type, store.serverless);
  if (store.own) return repositoryText.madeStore(kind);
  return store.address
    ? repositoryText.storeAt(kind, store.address)
    : repositoryText.ownStore(kind);
}
