/** A session's files in the server in memory: all are alike. */
import { json, nothing, type Route } from "./answers";

const TEXT = { characters: 5_000, tokens: 1_234, pages: null, kind: "text", truncated: false };

const link = (method: "PUT" | "GET") => ({
  file_id: "file_1",
  method,
  url: "/api/put/file_1",
  expires: new Date(Date.now() + 600_000).toISOString(),
});

export const fileRoutes: Route[] = [
  ["POST", /^\/sessions\/([^/]+)\/files$/, () => json(link("PUT"), 201)],
  ["GET", /^\/sessions\/([^/]+)\/files\/[^/]+$/, () => json(link("GET"))],
  ["POST", /^\/sessions\/([^/]+)\/files\/[^/]+\/text$/, () => json(TEXT)],
  ["PUT", /^\/put\/.+$/, () => nothing()],
];
