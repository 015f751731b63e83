/** What an administrator is changing: a version that was read, and their own changes to it. */
import { useState } from "react";
import type { Version } from "../../api/configuration";
import { type Change, changes, type Document, withChanges, withValue } from "../../lib/diff";

export interface Draft {
  /** The version the changes are based on. */
  base: Version;
  document: Document;
  mine: Change[];
  change: (path: string[], value: unknown) => void;
  /** Goes on from another version, with the changes on top of it or without. */
  rebase: (onto: Version, keep: boolean) => void;
}

export function useDraftDocument(newest: Version): Draft {
  const [edited, setEdited] = useState<{ base: Version; document: Document } | null>(null);
  const isSaved = edited && changes(newest.configuration, edited.document).length === 0;
  const mine = edited && !isSaved ? changes(edited.base.configuration, edited.document) : [];
  // Nothing to lose: what others save meanwhile is simply shown.
  const { base, document } =
    edited && mine.length > 0 ? edited : { base: newest, document: newest.configuration };
  return {
    base,
    document,
    mine,
    change: (path, value) => setEdited({ base, document: withValue(document, path, value) }),
    rebase: (onto, keep) =>
      setEdited(keep ? { base: onto, document: withChanges(onto.configuration, mine) } : null),
  };
}
