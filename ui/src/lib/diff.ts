/** What differs between two documents, value by value. */
export type Document = Record<string, unknown>;

export interface Change {
  path: string[];
  before: unknown;
  after: unknown;
}

const isDocument = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Goes down wherever both sides, or the one that is there, have named parts. */
export function changes(before: unknown, after: unknown, path: string[] = []): Change[] {
  if (same(before, after)) return [];
  const sides = [before, after].filter((side) => side !== undefined && side !== null);
  if (sides.length === 0 || !sides.every(isDocument)) return [{ path, before, after }];
  const [old, young] = [isDocument(before) ? before : {}, isDocument(after) ? after : {}];
  const names = new Set([...Object.keys(old), ...Object.keys(young)]);
  return [...names].flatMap((name) => changes(old[name], young[name], [...path, name]));
}

/** Puts changed values into a document that others may have changed elsewhere meanwhile. */
export function withChanges(document: Document, wanted: Change[]): Document {
  return wanted.reduce((done, { path, after }) => withValue(done, path, after), document);
}

export function withValue(document: Document, path: string[], value: unknown): Document {
  const [name, ...rest] = path;
  if (name === undefined) return document;
  if (rest.length === 0) return { ...document, [name]: value };
  const inner = document[name];
  return { ...document, [name]: withValue(isDocument(inner) ? inner : {}, rest, value) };
}

export function valueAt(document: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isDocument(value) ? value[name] : undefined),
    document,
  );
}
