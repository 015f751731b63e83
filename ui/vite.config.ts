import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `npm run dev` shows pages of the sources with the API and the models of a running `lisa up`.
const local = "http://127.0.0.1:8080";
const asLocal = { target: local, changeOrigin: true, headers: { origin: local } };

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    assetsInlineLimit: 0, // our content security policy refuses inlined files
    manifest: true, // read by scripts/check-budget.mjs
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": asLocal, "/v1": asLocal } },
});
