// Fails when what a browser needs for a page has grown too heavy. Run after a build.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url);
const FIRST = ["index.html"];
const CHAT = [...FIRST, "src/shell/SessionRoute.tsx", "src/features/chat/markdown/Markdown.tsx"];
const BUDGETS = [
  { name: "first page, js", of: FIRST, kind: "js", good: 150, limit: 180 },
  { name: "first page, css", of: FIRST, kind: "css", good: 15, limit: 25 },
  { name: "chat with Markdown, js", of: CHAT, kind: "js", good: 300, limit: 350 },
  { name: "chat with Markdown, css", of: CHAT, kind: "css", good: 15, limit: 25 },
];

const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));

function neededBy(key, seen) {
  if (!manifest[key]) throw new Error(`The build has no ${key}: say here where it went.`);
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) neededBy(next, seen);
  return seen;
}

function filesOf(keys, kind) {
  const needed = keys.reduce((seen, key) => neededBy(key, seen), new Set());
  const chunks = [...needed].map((key) => manifest[key]);
  return new Set(
    kind === "js" ? chunks.map(({ file }) => file) : chunks.flatMap(({ css }) => css ?? []),
  );
}

function packedKilobytes(files) {
  const sizes = [...files].map(
    (file) => gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length,
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

for (const { name, of, kind, good, limit } of BUDGETS) {
  const size = packedKilobytes(filesOf(of, kind));
  const verdict = size > limit ? "TOO HEAVY" : size > good ? "heavier than good" : "good";
  console.log(`${name}: ${size.toFixed(1)} kB gz (good ${good}, limit ${limit}): ${verdict}`);
  if (size > limit) process.exitCode = 1;
}
