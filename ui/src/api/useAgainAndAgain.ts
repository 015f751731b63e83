/** Reads on as long as somebody looks: what came is kept by the reader, a failure is tried again. */
import { useEffect, useRef, useState } from "react";
import { Problem } from "../lib/problem";

const AFTER_FAILURE_MS = 5_000;

/** `read` returns how many milliseconds to wait before it is called again. */
export function useAgainAndAgain(read: (signal: AbortSignal) => Promise<number>, isOn: boolean) {
  const [error, setError] = useState<unknown>(null);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    if (!isOn) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    let timer: ReturnType<typeof setTimeout>;
    const turn = async () => {
      const [pause, failure] = await tried(() => latest.current(signal));
      if (signal.aborted) return;
      setError(failure);
      if (!isGone(failure)) timer = setTimeout(turn, pause);
    };
    void turn();
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [isOn]);
  return error;
}

async function tried(read: () => Promise<number>): Promise<[pause: number, failure: unknown]> {
  try {
    return [await read(), null];
  } catch (failure) {
    return [AFTER_FAILURE_MS, failure];
  }
}

const isGone = (failure: unknown) =>
  failure instanceof Problem && [401, 403, 404].includes(failure.status);
