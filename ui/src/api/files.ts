/** A session's files: put there, read as text for a model, shown. */
import { useQuery } from "@tanstack/react-query";
import { problemFrom } from "../lib/problem";
import { type Api, answer, reached, useApi } from "./client";

/** Puts a file into a session and returns its id there. */
export async function uploadFile(
  api: Api,
  sessionId: string,
  file: File,
  contentType: string,
  signal: AbortSignal,
): Promise<string> {
  const { file_id, url, method } = await answer(
    api.POST("/sessions/{session_id}/files", {
      params: { path: { session_id: sessionId } },
      body: { content_type: contentType, size: file.size },
      signal,
    }),
  );
  const headers = { "content-type": contentType };
  const address = new URL(url, `${api.baseUrl}/`);
  const response = await reached(api.send(address, { method, headers, body: file, signal }));
  if (!response.ok) throw problemFrom(response.status, await response.json().catch(() => null));
  return file_id;
}

/** Has a file read, and tells how much of a model's window it takes. */
export async function readFileText(
  api: Api,
  sessionId: string,
  fileId: string,
  signal: AbortSignal,
) {
  return answer(
    api.POST("/sessions/{session_id}/files/{file_id}/text", {
      params: { path: { session_id: sessionId, file_id: fileId } },
      signal,
    }),
  );
}

// Links last for minutes; a page that stays open asks for another before its own is over.
const FRESH_MS = 5 * 60_000;

/** Where a file can be read for a while. */
export function useFileLink(sessionId: string, fileId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["file", sessionId, fileId],
    enabled: fileId !== "",
    staleTime: FRESH_MS,
    queryFn: ({ signal }) =>
      answer(
        api.GET("/sessions/{session_id}/files/{file_id}", {
          params: { path: { session_id: sessionId, file_id: fileId } },
          signal,
        }),
      ),
  });
}
