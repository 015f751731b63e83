/** Files on their way into a message: uploaded, read, and measured in tokens. */
import { useEffect, useRef, useState } from "react";
import { useApi } from "../../../api/client";
import { readFileText, uploadFile } from "../../../api/files";
import type { WirePart } from "../../../api/responses";
import { freshId } from "../../../lib/freshId";
import { asProblem, type Problem } from "../../../lib/problem";

export interface Attachment {
  id: string;
  name: string;
  size: number;
  isImage: boolean;
  state: "uploading" | "reading" | "ready" | "failed";
  fileId: string;
  tokens: number;
  isCut: boolean;
  problem: Problem | null;
}

const IMAGES = /^image\/(png|jpeg|gif|webp)$/;

export function useAttachments(sessionId: string) {
  const api = useApi();
  const [list, setList] = useState<Attachment[]>([]);
  const gone = useRef(new Map<string, AbortController>());
  useEffect(() => {
    const running = gone.current;
    return () => {
      for (const one of running.values()) one.abort();
    };
  }, []);
  const change = (id: string, some: Partial<Attachment>) =>
    setList((known) => known.map((one) => (one.id === id ? { ...one, ...some } : one)));

  const take = async (attachment: Attachment, file: File, signal: AbortSignal) => {
    const { id, isImage } = attachment;
    // Browsers know no type for many kinds of source code.
    const fileId = await uploadFile(api, sessionId, file, file.type || "text/plain", signal);
    change(id, { fileId, state: isImage ? "ready" : "reading" });
    if (isImage) return;
    const { tokens, truncated = false } = await readFileText(api, sessionId, fileId, signal);
    change(id, { state: "ready", tokens, isCut: truncated });
  };

  const add = (files: Iterable<File>) => {
    for (const file of files) {
      const attachment = begun(file);
      const stop = new AbortController();
      gone.current.set(attachment.id, stop);
      setList((known) => [...known, attachment]);
      take(attachment, file, stop.signal).catch((error) => {
        if (!stop.signal.aborted)
          change(attachment.id, { state: "failed", problem: asProblem(error) });
      });
    }
  };
  const remove = (id: string) => {
    gone.current.get(id)?.abort();
    setList((known) => known.filter((one) => one.id !== id));
  };
  return { list, add, remove, clear: () => setList([]) };
}

function begun(file: File): Attachment {
  return {
    id: freshId("att_"),
    name: file.name,
    size: file.size,
    isImage: IMAGES.test(file.type),
    state: "uploading",
    fileId: "",
    tokens: 0,
    isCut: false,
    problem: null,
  };
}

export const attachmentParts = (list: readonly Attachment[]): WirePart[] =>
  list
    .filter(({ state }) => state === "ready")
    .map(({ isImage, fileId, name }) =>
      isImage
        ? { type: "input_image", file_id: fileId, detail: "auto" }
        : { type: "input_file", file_id: fileId, filename: name },
    );
