import { expect, test } from "vitest";
import { EventReader, eventsOf } from "./events";

const readAll = (pieces: string[]) => {
  const reader = new EventReader();
  return pieces.flatMap((piece) => reader.read(piece));
};

test("events are whole however the text was cut", () => {
  const sent = 'data: {"a":1}\n\n: a comment\n\ndata: two\r\ndata: lines\r\n\r\ndata:[DONE]\n\n';
  const whole = ['{"a":1}', "two\nlines", "[DONE]"];
  for (let size = 1; size <= sent.length; size++) {
    const pieces = sent.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
    expect(readAll(pieces)).toEqual(whole);
  }
});

test("an event that isn't complete is not read yet", () => {
  expect(readAll(["data: half"])).toEqual([]);
});

test("characters cut in two by the network are whole again, and the last event needs no end", async () => {
  const bytes = new TextEncoder().encode("data: Zürich 😀\n\ndata: end");
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const events: string[] = [];
  for await (const event of eventsOf(body)) events.push(event);
  expect(events).toEqual(["Zürich 😀", "end"]);
});
