// How the playground is bundled: every file hashed, nothing inlined, nothing from other hosts.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/playground/",
  build: {
    assetsInlineLimit: 0, // a data: URL would need a wider policy
    chunkSizeWarningLimit: 5000, // the editor is large, and loaded only here
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { moduleLevelDirective: false } }, // "use client" means nothing here
  },
  worker: { format: "es" }, // the editor's workers are modules
});
