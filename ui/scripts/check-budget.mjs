// Fails when what a browser needs for its first page has grown too heavy. Run after a build.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url);
const BUDGETS = { js: { good: 150, limit: 180 }, css: { good: 15, limit: 25 } };

const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));

function neededBy(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) neededBy(next, seen);
  return seen;
}

function packedKilobytes(files) {
  const sizes = files.map(
    (file) => gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length,
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

const chunks = [...neededBy("index.html")].map((key) => manifest[key]);
const files = {
  js: chunks.map((chunk) => chunk.file),
  css: [...new Set(chunks.flatMap((chunk) => chunk.css ?? []))],
};
for (const [kind, { good, limit }] of Object.entries(BUDGETS)) {
  const size = packedKilobytes(files[kind]);
  const verdict = size > limit ? "TOO HEAVY" : size > good ? "heavier than good" : "good";
  console.log(`${kind}: ${size.toFixed(1)} kB gz (good ${good}, limit ${limit}): ${verdict}`);
  if (size > limit) process.exitCode = 1;
}
