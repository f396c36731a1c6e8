// Takes pictures of the screens with made-up data: `npm run screens -- [words that must be in the name]`.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const SMALL = { width: 1366, height: 768 };
const LARGE = { width: 1920, height: 1080 };
const key =
  (...keys) =>
  async (page) => {
    for (const each of keys) {
      await page.keyboard.press(each);
      await page.waitForTimeout(150);
    }
  };

/** name, address, sizes and themes, what to do before the picture */
const SCREENS = [
  ["today", "?data=normal#/today"],
  ["today-crowded", "?data=crowded&link=offline#/today", key("j", "j")],
  ["today-empty", "?data=empty#/today"],
  ["orders", "?data=crowded#/orders?view=open", key("j", "j", "j")],
  ["orders-empty", "?data=empty#/orders"],
  ["orders-error", "?data=normal&fail=internal#/orders"],
  ["detail", "?data=crowded#/orders?view=division", key("j", "j", "j", "j", "j", "j", "Enter")],
  ["detail-step", "?data=crowded#/orders?view=open&status=arrived", key("j", "j", "Enter", "h")],
  [
    "detail-level",
    "?data=crowded#/orders?view=open&status=arrived",
    async (page) => {
      await key("j", "j", "Enter", "l")(page);
      await key("Enter", "ArrowDown", "Enter")(page);
    },
  ],
  ["detail-accept", "?data=crowded#/orders?view=open&status=dispatched", key("j", "j", "Enter", "a")],
  [
    "detail-more",
    "?data=crowded#/orders?view=open&status=arrived",
    async (page) => {
      await key("j", "j", "Enter")(page);
      await page.getByLabel("更多步骤").click();
    },
  ],
  ["detail-suspended", "?data=crowded#/orders?view=open&status=suspended", key("j", "Enter")],
  ["explain", "?data=crowded#/orders?view=open&status=arrived", key("j", "j", "Enter", "e")],
  ["explain-long", "?data=crowded&span=long#/orders?view=open&status=arrived", key("j", "j", "Enter", "e")],
  [
    "register",
    "?data=normal#/register",
    async (page) => {
      await page.keyboard.type("jck");
      await page.waitForTimeout(200);
      await page.keyboard.press("Enter");
      await page.getByText("二分之一以下").click();
      await page.waitForTimeout(200);
    },
  ],
  [
    "register-gap",
    "?data=normal#/register",
    async (page) => {
      await page.keyboard.type("2.3");
      await page.waitForTimeout(200);
      await page.keyboard.press("Enter");
      await page.getByText("一般", { exact: true }).click();
      await page.getByText("二分之一及以上").click();
      await page.waitForTimeout(200);
      await page.keyboard.press("Control+Enter");
    },
  ],
  ["chart", "?data=normal#/chart"],
  ["sync", "?data=normal&link=offline#/sync"],
  ["sync-stopped", "?data=normal&link=stopped#/sync"],
  ["sync-empty", "?data=empty#/sync"],
  ["settings", "?data=normal#/settings"],
  [
    "palette",
    "?data=crowded#/orders?view=open",
    async (page) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("gd");
      await page.waitForTimeout(400);
    },
  ],
  ["help", "?data=normal#/today", key("?")],
  ["stale", "?data=normal&link=stale&remind=1#/today", (page) => page.waitForTimeout(900)],
  ["gate-code", "?stage=code"],
  ["gate-enrol", "?stage=not_enrolled"],
  [
    "gate-login",
    "?stage=logged_out",
    async (page) => {
      await page.getByText("ZHZG驻场01").click();
    },
  ],
  [
    "gate-login-wait",
    "?stage=logged_out",
    async (page) => {
      await page.fill("#login", "zhzg01");
      await page.fill("#password", "y");
      await page.keyboard.press("Enter");
      await page.waitForTimeout(200);
    },
  ],
  ["gate-lock", "?stage=locked"],
  ["gate-password", "?stage=must_change"],
];

const wanted = process.argv.slice(2);
const shots = at("./shots/");
await mkdir(shots, { recursive: true });
const host = await serve(at("../dist-mock"));
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
  ],
});
let bad = 0;
for (const theme of ["light", "dark"]) {
  for (const size of [SMALL, LARGE]) {
    const page = await browser.newPage({ viewport: size, colorScheme: theme });
    // The desktop shell freezes it; a library that cannot bear that would leave a blank window.
    await page.addInitScript("Object.freeze(Object.prototype)");
    page.on("console", (line) => {
      if (line.type() !== "error") return;
      bad++;
      console.log("  !", line.text());
    });
    page.on("pageerror", (error) => {
      bad++;
      console.log("  !", error.message);
    });
    for (const [name, address, act] of SCREENS) {
      const file = `${name}-${size.width}-${theme}`;
      if (wanted.length && !wanted.some((word) => file.includes(word))) continue;
      const [query, hash] = address.split("#");
      await page.goto("about:blank");
      await page.goto(`${host.origin}/${query}&theme=${theme}${hash ? `#${hash}` : ""}`);
      await page.waitForTimeout(350);
      await act?.(page);
      await page.waitForTimeout(200);
      await page.screenshot({ path: `${shots}${file}.png` });
      console.log(file);
    }
    await page.close();
  }
}
await browser.close();
host.stop();
process.exit(bad ? 1 : 0);
