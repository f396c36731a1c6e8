// A browser in which every screen looks the same each time: a clock that all but stands, no motion, no hidden cursor.
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

/** The instant the made-up data begins at. */
const NOW = Date.parse("2025-11-24T14:20:00+08:00");
const QUIET_MS = 90;
const SETTLED_MS_MAX = 3000;

export const SIZES = { 1366: { width: 1366, height: 768 }, 1920: { width: 1920, height: 1080 } };

/** Runs in the page before anything else. */
function slowTime(begin) {
  // A thousandth of the true pace: no text changes, yet what comes later is later. Vue tells by that
  // whether an event is older than its listener.
  const now = () => begin + performance.now() / 1000;
  const Real = Date;
  window.Date = class extends Real {
    constructor(...given) {
      super(...(given.length ? given : [now()]));
    }
    static now() {
      return now();
    }
  };
  // The desktop shell freezes it; a library that cannot bear that would leave a blank window.
  Object.freeze(Object.prototype);
}

/** Until nothing in the page has changed for a moment and every face is there. */
export const settled = (page) =>
  page.evaluate(
    ([quiet, most]) =>
      new Promise((done) => {
        let timer = 0;
        const finish = async () => {
          seen.disconnect();
          await document.fonts.ready;
          requestAnimationFrame(() => requestAnimationFrame(done));
        };
        const arm = () => {
          clearTimeout(timer);
          timer = setTimeout(finish, quiet);
        };
        const seen = new MutationObserver(arm);
        seen.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        arm();
        setTimeout(finish, most);
      }),
    [QUIET_MS, SETTLED_MS_MAX],
  );

/** A host of the built mock and a browser before it. `open` gives a page, `show` brings it to a scene. */
export async function stage() {
  const host = await serve(fileURLToPath(new URL("../dist-mock", import.meta.url)));
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      // Whether a page may sound would hang on what was pressed before it.
      "--autoplay-policy=no-user-gesture-required",
      // One way to draw letters on every machine.
      "--font-render-hinting=none",
      "--disable-lcd-text",
      "--force-color-profile=srgb",
    ],
  });
  return {
    async open({ size, theme, ...more }) {
      const page = await browser.newPage({
        viewport: SIZES[size],
        colorScheme: theme,
        reducedMotion: "reduce",
        locale: "zh-CN",
        timezoneId: "Asia/Shanghai",
        ...more,
      });
      page.setDefaultTimeout(20_000);
      await page.addInitScript(slowTime, NOW);
      page.on("console", (line) => line.type() === "error" && page.complain(line.text()));
      page.on("pageerror", (error) => page.complain(error.message));
      return page;
    },
    async show(page, theme, [, address, act]) {
      const [query, hash] = address.split("#");
      await page.goto("about:blank");
      await page.mouse.move(0, 0);
      await page.goto(`${host.origin}/${query}&theme=${theme}${hash ? `#${hash}` : ""}`);
      await settled(page);
      await act?.(page);
      await settled(page);
    },
    async close() {
      await browser.close();
      host.stop();
    },
  };
}
