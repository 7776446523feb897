import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { outDir: fileURLToPath(new URL("../dist/web", import.meta.url)), emptyOutDir: true },
  server: {
    proxy: {
      "/api": "http://127.0.0.1:8420",
      "/calibrations": "http://127.0.0.1:8420",
      "/previews": "http://127.0.0.1:8420",
    },
  },
});
