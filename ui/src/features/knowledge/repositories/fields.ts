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

export const STEPS = ["store", "embedder", "chunking", "access", "review"] as const;
export type Step = (typeof STEPS)[number];
export const KINDS: StoreKind[] = ["pgvector", "opensearch"];

export interface Fields {
  id: string;
  name: string;
  description: string;
  kind: StoreKind;
  where: "own" | "there";
  address: string;
  credentials: string;
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
  address: "",
  credentials: "",
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

export const changeOf = (fields: Fields): RepositoryChange => ({
  name: fields.name.trim(),
  description: fields.description.trim(),
  chunking: chunkingOf(fields.chunking),
  allowsChunkingOverride: fields.mayOverride,
  groups: listed(fields.groups),
  tags: listed(fields.tags),
});

export function wantedOf(fields: Fields): NewRepository {
  const { kind, where, address, credentials, model } = fields;
  const there = { address: address.trim(), credentials: credentials.trim() };
  return {
    repositoryId: fields.id.trim(),
    name: fields.name.trim(),
    description: fields.description.trim(),
    chunking: chunkingOf(fields.chunking),
    allowsChunkingOverride: fields.mayOverride,
    groups: listed(fields.groups),
    tags: listed(fields.tags),
    store: { kind, ...(where === "there" && there) },
    ...(model && { embeddingModel: model }),
  };
}

/** Where its passages lie, as people read it; not everybody is told. */
export function toldStore({ type, store }: Repository): string {
  const kind = repositoryText.kinds[type];
  if (!store) return kind;
  return store.address
    ? repositoryText.storeAt(kind, store.address)
    : repositoryText.ownStore(kind);
}
