import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

// `npm run dev` shows pages of the sources with the API and the models of a running `lisa up`.
const local = "http://127.0.0.1:8080";
const asLocal = { target: local, changeOrigin: true, headers: { origin: local } };

// Every browser we serve reads woff2; the other two forms of each font would only be shipped.
const oneFormOfFonts: Plugin = {
  name: "one form of fonts",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith("katex.min.css")) return null;
    return code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)/g, "");
  },
};

export default defineConfig({
  plugins: [oneFormOfFonts, react(), tailwindcss()],
  // A parser of HTML is a third of what a chat loads, for the few tags that models write.
  resolve: { alias: { "rehype-raw": "/src/features/chat/markdown/simpleHtml.ts" } },
  worker: { format: "es" },
  build: {
    assetsInlineLimit: 0, // our content security policy refuses inlined files
    manifest: true, // read by scripts/check-budget.mjs
    modulePreload: { polyfill: false },
  },
  experimental: {
    // Only the first page says where it lies; on AWS even that is below a path nobody knows yet.
    renderBuiltUrl: (file, { hostType }) => (hostType === "html" ? `/${file}` : { relative: true }),
  },
  server: { proxy: { "/api": asLocal, "/v1": asLocal } },
});
