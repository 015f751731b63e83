import { defineConfig, mergeConfig } from "vitest/config";
import vite from "./vite.config.ts";

export default mergeConfig(
  vite,
  defineConfig({
    test: {
      environment: "happy-dom",
      environmentOptions: { happyDOM: { url: "http://127.0.0.1:8080/" } },
      setupFiles: ["src/testing/setup.ts"],
      testTimeout: 40_000,
      restoreMocks: true,
      sequence: { shuffle: true },
      maxWorkers: 2,
    },
  }),
);
