/** Arrows fall: shell, features, chat, api, lib; ui beside them knows lib alone. */
import { expect, test } from "vitest";

const MAY_IMPORT: Record<string, string[]> = {
  main: ["shell", "features", "api", "ui", "lib"],
  shell: ["features", "api", "ui", "lib"],
  features: ["chat", "api", "ui", "lib"],
  chat: ["api", "lib"],
  api: ["lib"],
  ui: ["lib"],
  lib: [],
};

const sources = import.meta.glob<string>(["./**/*.{ts,tsx}", "!./**/*.test.*", "!./testing/**"], {
  query: "?raw",
  import: "default",
  eager: true,
});

interface Arrow {
  from: string;
  to: string;
}

/** Every import of one of our files by another, both as paths below `src/`. */
const arrows: Arrow[] = Object.entries(sources).flatMap(([file, source]) => {
  const imports = source.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  return [...imports].map(([, path]) => ({
    from: file.slice(2),
    to: new URL(String(path), `file:///${file.slice(2)}`).pathname.slice(1),
  }));
});

const room = (path: string) => (path.includes("/") ? String(path.split("/")[0]) : "main");
const feature = (path: string) => path.split("/")[1];

test("there are arrows to look at", () => {
  expect(arrows.length).toBeGreaterThan(50);
});

test("every import falls", () => {
  const rising = arrows.filter(({ from, to }) => {
    return room(from) !== room(to) && !MAY_IMPORT[room(from)]?.includes(room(to));
  });
  expect(rising).toEqual([]);
});

test("the chat's core knows no React", () => {
  const core = Object.entries(sources).filter(([file]) => file.startsWith("./chat/"));
  expect(core.length).toBeGreaterThan(5);
  expect(core.filter(([, source]) => /from "react/.test(source)).map(([file]) => file)).toEqual([]);
});

test("a feature is entered by its one door, and knows no other feature", () => {
  const through = arrows.filter(({ from, to }) => {
    if (room(to) !== "features") return false;
    if (room(from) === "features") return feature(from) !== feature(to);
    return !/^features\/[^/]+$/.test(to);
  });
  expect(through).toEqual([]);
});

test("only the api's own files know the generated types", () => {
  const leaks = arrows.filter(({ from, to }) => /schema/.test(to) && room(from) !== "api");
  expect(leaks).toEqual([]);
});

test("nothing we ship asks another server for anything", () => {
  const outside = Object.entries(sources).filter(([file, source]) => {
    return !file.endsWith("schema.d.ts") && /["'`(]https?:\/\/(?!www\.w3\.org)/.test(source);
  });
  expect(outside.map(([file]) => file)).toEqual([]);
});

test("the server is asked through the one client, which carries who is signed in", () => {
  const asking = Object.entries(sources).filter(([, source]) => /(?<!\.)\bfetch\(/.test(source));
  expect(asking.map(([file]) => file).sort()).toEqual(["./api/client.ts", "./lib/config.ts"]);
});
