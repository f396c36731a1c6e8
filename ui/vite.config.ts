import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

const at = (path: string) => new URL(path, import.meta.url).pathname;

// `--mode mock` swaps the host (Tauri or loopback) for one that lives in the page, for looking at
// screens without a console behind them. The ordinary build never sees that file.
export default defineConfig(({ mode }) => ({
  plugins: [vue()],
  resolve: {
    alias: [
      ...(mode === "mock" ? [{ find: "@/platform/host", replacement: at("./dev/mockHost.ts") }] : []),
      { find: "@", replacement: at("./src") },
    ],
  },
  // The mock reads the shipped contracts from ../assets.
  server: { host: "127.0.0.1", port: 1420, strictPort: true, fs: { allow: [".."] } },
  build: {
    outDir: mode === "mock" ? "dist-mock" : "dist",
    // Browsers on Kylin V10 and UOS 20 are Chromium 87 or so.
    target: ["chrome87", "safari14"],
    // The content policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  test: { include: ["src/**/*.test.ts"] },
}));
