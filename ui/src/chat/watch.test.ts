import { expect, test } from "vitest";
import type { WireEvent } from "../api/responses";
import { Problem } from "../lib/problem";
import { begun, took } from "./running";
import { watch } from "./watch";

const EVENTS: WireEvent[] = [
  { type: "response.created", response: { id: "r" }, sequence_number: 0 },
  { type: "response.in_progress", sequence_number: 1 },
  { type: "response.completed", response: { id: "r" }, sequence_number: 2 },
];

/** Plays connections, each of which gives some events and then ends or breaks. */
async function watched(connections: (WireEvent[] | Error)[], broken: Error | null = null) {
  let running = begun(null, "");
  const opened: number[] = [];
  let lost = 0;
  const open = async (after: number) => {
    opened.push(after);
    const next = connections.shift() ?? [];
    if (next instanceof Error) throw next;
    return (async function* () {
      yield* next;
      if (broken) throw broken;
    })();
  };
  await watch(
    {
      lastSequence: () => running.lastSequence,
      isOver: () => running.ended !== null,
      open,
      onEvent: (event) => {
        running = took(running, event);
      },
      onLost: () => {
        lost += 1;
      },
      pause: async () => {},
    },
    new AbortController().signal,
  );
  return { running, opened, lost };
}

test("a connection that breaks in the middle is taken up behind the last event", async () => {
  const broken = new TypeError("network error");
  const { opened, lost } = await watched([EVENTS.slice(0, 2), EVENTS.slice(2)], broken);
  expect(opened).toEqual([-1, 1]);
  expect(lost).toBe(1);
});

test("a stream that ends before its turn does is a lost connection", async () => {
  const { opened } = await watched([EVENTS.slice(0, 1), [], EVENTS.slice(1)]);
  expect(opened).toEqual([-1, 0, 0]);
});

test("a server that is away for a while is asked again", async () => {
  const away = [new Problem(0, ""), new Problem(503, "")];
  const { running } = await watched([...away, EVENTS]);
  expect(running.ended).toBeTruthy();
});

test("a refusal is no lost connection", async () => {
  await expect(watched([new Problem(404, "There is no such response.")])).rejects.toThrow(
    "no such",
  );
});
