// Measures how long an edit of the month grid takes until it is painted, 63 people × 31 days at 1366×768:
// `npm run build:mock && node dev/gridspeed.mjs`. Fails above the limit; `--json` adds the medians as one line.
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const PAINT_MS_MAX = 50;
const EDITS = 40;
const host = await serve(fileURLToPath(new URL("../dist-mock", import.meta.url)));
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
await page.goto(`${host.origin}/?data=crowded#/roster`);
await page.waitForSelector("#cell-62-30", { state: "attached" });
await page.locator(".month-grid").focus();
for (let n = 0; n < 17; n++) await page.keyboard.press("ArrowRight");

/** From the key to the frame after the one it was drawn in. */
const painted = (name) =>
  page.evaluate(
    ([key, shift]) =>
      new Promise((done) => {
        const grid = document.querySelector(".month-grid");
        const from = performance.now();
        const event = new KeyboardEvent("keydown", { key, shiftKey: shift, bubbles: true, cancelable: true });
        grid.dispatchEvent(event);
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => done(performance.now() - from);
          channel.port2.postMessage(null);
        });
      }),
    name,
  );
// The main thread's own time beside the wall's: it does not count what other programs take of the machine.
const profiler = await page.context().newCDPSession(page);
await profiler.send("Performance.enable", { timeDomain: "threadTicks" });
const busy = async () => {
  const { metrics } = await profiler.send("Performance.getMetrics");
  return metrics.find((each) => each.name === "TaskDuration").value * 1000;
};
/** A frame in which nothing happened: what the browser itself takes. */
const frame = () =>
  page.evaluate(
    () =>
      new Promise((done) => {
        const from = performance.now();
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => done(performance.now() - from);
          channel.port2.postMessage(null);
        });
      }),
  );
const times = { edit: [], move: [], block: [], frame: [] };
const before = await busy();
for (let n = 0; n < EDITS; n++) {
  times.move.push(await painted(["ArrowDown", false]));
  times.edit.push(await painted([n % 2 ? "b" : "Delete", false]));
}
const own = ((await busy()) - before) / EDITS;
for (let n = 0; n < EDITS; n++) times.frame.push(await frame());
for (let n = 0; n < 9; n++) await painted(["ArrowUp", true]);
for (let n = 0; n < 10; n++) times.block.push(await painted([n % 2 ? "b" : "Delete", false]));
const medians = {};
for (const [name, all] of Object.entries(times)) {
  const sorted = [...all].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const worst = sorted[Math.floor(sorted.length * 0.95)];
  medians[name] = median;
  console.log(
    `${name}: median ${median.toFixed(1)} ms, 95th percentile ${worst.toFixed(1)} ms (${all.length})`,
  );
}
console.log(`main thread: ${own.toFixed(1)} ms for a move and an edit together`);
if (process.argv.includes("--json")) console.log(JSON.stringify({ ...medians, own }));
if (own > PAINT_MS_MAX) process.exitCode = 1;
await browser.close();
host.stop();
