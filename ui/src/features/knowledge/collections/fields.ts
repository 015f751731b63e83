/** Between the fields of a collection, which are texts, and a collection as it is sent. */
import type { Collection, CollectionChange, NewCollection } from "../../../api/collections";
import { listed } from "../../../lib/listed";
import { type ChunkingFields, chunkingFields, chunkingOf, USUAL } from "../chunking";

export interface Fields {
  repositoryId: string;
  sharing: "private" | "shared";
  name: string;
  description: string;
  tags: string;
  groups: string;
  hasOwnChunking: boolean;
  chunking: ChunkingFields;
  readsTables: boolean;
}

export const emptyFields = (repositoryId: string): Fields => ({
  repositoryId,
  sharing: "private",
  name: "",
  description: "",
  tags: "",
  groups: "",
  hasOwnChunking: false,
  chunking: USUAL,
  readsTables: false,
});

export const fieldsOf = (collection: Collection): Fields => ({
  repositoryId: collection.repositoryId,
  sharing: collection.private ? "private" : "shared",
  name: collection.name,
  description: collection.description,
  tags: collection.tags.join(", "),
  groups: (collection.groups ?? []).join(", "),
  hasOwnChunking: true,
  chunking: chunkingFields(collection.chunking),
  readsTables: collection.readsTables,
});

function described(fields: Fields) {
  return {
    name: fields.name.trim(),
    description: fields.description.trim(),
    tags: listed(fields.tags),
    readsTables: fields.readsTables,
    ...(fields.hasOwnChunking && { chunking: chunkingOf(fields.chunking) }),
  };
}

/** Nothing in place of groups: those of the repository. */
function shared({ sharing, groups }: Fields) {
  const named = listed(groups);
  return sharing === "shared" && { groups: named.length > 0 ? named : null };
}

export const wantedOf = (fields: Fields): NewCollection => ({
  ...described(fields),
  ...shared(fields),
  private: fields.sharing === "private",
});

export const changeOf = (fields: Fields): CollectionChange => ({
  ...described(fields),
  ...shared(fields),
});
