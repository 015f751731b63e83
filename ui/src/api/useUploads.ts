/** Files on their way into a collection, several at once; what has arrived is a document there. */
import { useCallback, useEffect, useRef, useState } from "react";
import { freshId } from "../lib/freshId";
import { inTurns } from "../lib/inTurns";
import { asProblem, type Problem, problemFrom } from "../lib/problem";
import { type Api, answer, useApi } from "./client";
import { type Known, type Place, placed, useKnowledgeAnew } from "./collections";

const AT_ONCE = 3;

/** What is said of a file when it is uploaded. */
export interface Said {
  tags?: string[];
  facts?: Known;
}

export interface Upload {
  id: string;
  file: File;
  place: Place;
  said: Said;
  state: "sending" | "arrived" | "failed";
  /** From 0 to 1. */
  part: number;
  /** Empty until it has arrived. */
  documentId: string;
  problem: Problem | null;
}

export function useUploads() {
  const api = useApi();
  const anew = useKnowledgeAnew();
  const [list, setList] = useState<Upload[]>([]);
  const running = useRef(new Map<string, AbortController>());
  const [inTurn] = useState(() => inTurns(AT_ONCE));
  useEffect(() => {
    const known = running.current;
    return () => {
      for (const one of known.values()) one.abort();
    };
  }, []);
  const change = (id: string, some: Partial<Upload>) =>
    setList((known) => known.map((one) => (one.id === id ? { ...one, ...some } : one)));

  const send = ({ id, file, place, said }: Upload) => {
    const stop = new AbortController();
    running.current.set(id, stop);
    const onProgress = (part: number) => change(id, { part });
    inTurn(() => taken(api, { place, file, said }, stop.signal, onProgress))
      .then((documentId) => change(id, { state: "arrived", part: 1, documentId }))
      .then(anew)
      .catch((error) => {
        if (!stop.signal.aborted) change(id, { state: "failed", problem: asProblem(error) });
      });
  };
  const add = (place: Place, files: Iterable<File>, said: Said = {}) => {
    const begun = [...files].map((file) => beginning(place, file, said));
    setList((known) => [...known, ...begun]);
    begun.forEach(send);
  };
  const again = (upload: Upload) => {
    change(upload.id, { state: "sending", part: 0, problem: null });
    send(upload);
  };
  const remove = useCallback((id: string) => {
    running.current.get(id)?.abort();
    setList((known) => known.filter((one) => one.id !== id));
  }, []);
  return { list, add, again, remove };
}

const beginning = (place: Place, file: File, said: Said): Upload => ({
  id: freshId("up_"),
  file,
  place,
  said,
  state: "sending",
  part: 0,
  documentId: "",
  problem: null,
});

/** Returns the id of the document that the file has become. */
async function taken(
  api: Api,
  { place, file, said }: Pick<Upload, "place" | "file" | "said">,
  signal: AbortSignal,
  onProgress: (part: number) => void,
): Promise<string> {
  signal.throwIfAborted();
  const path = placed(place);
  // Browsers know no type for many kinds of files; what it is, its content tells.
  const contentType = file.type || "application/octet-stream";
  const { documentId, url } = await answer(
    api.POST("/repositories/{repository_id}/collections/{collection_id}/uploads", {
      params: { path },
      body: { name: file.name, size: file.size, contentType, ...said },
      signal,
    }),
  );
  const address = new URL(url, `${api.baseUrl}/`).href;
  const { status, body } = await api.put({ url: address, file, contentType, signal, onProgress });
  if (status >= 300) throw problemFrom(status, parsed(body));
  await answer(
    api.POST("/repositories/{repository_id}/collections/{collection_id}/documents", {
      params: { path },
      body: { documentIds: [documentId] },
      signal,
    }),
  );
  return documentId;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
