/** Puts a file to where a link allows it, and tells how far it is: `fetch` can't. */
import { Problem } from "../lib/problem";
import { text } from "../lib/strings";

export interface Putting {
  url: string;
  file: Blob;
  contentType: string;
  signal: AbortSignal;
  /** From 0 to 1. */
  onProgress: (part: number) => void;
}

/** Returns the body of a refusal, or nothing where the file was taken. */
export type Put = (putting: Putting) => Promise<{ status: number; body: string }>;

export const putFile: Put = ({ url, file, contentType, signal, onProgress }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.setRequestHeader("content-type", contentType);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onload = () => resolve({ status: request.status, body: request.responseText });
    request.onerror = () => reject(new Problem(0, text.unreachable, text.unreachableNext));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
