// Runs axe-core over the main screens: `node dev/axe.mjs`. Prints serious and critical findings.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const host = await serve(fileURLToPath(new URL("../dist-mock", import.meta.url)));
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
const PAGES = [
  ["today", "?data=crowded#/today"],
  ["orders", "?data=crowded#/orders?view=open"],
  ["detail", "?data=crowded#/orders/o30?view=open"],
  ["explain", "?data=crowded#/orders/o30?view=open", ["e"]],
  ["to-confirm", "?data=crowded#/orders?view=to_confirm"],
  ["selected", "?data=crowded#/orders?view=open", ["j", "x"]],
  ["step", "?data=crowded#/orders/o30?view=open", ["v"]],
  ["records", "?data=normal#/records"],
  ["records-more", "?data=normal#/records", ["Alt+d"]],
  ["knowledge", "?data=normal#/knowledge?q=注册"],
  ["whereabouts", "?data=normal#/today", ["g"]],
  ["alarm", "?data=crowded&alarm=1#/today"],
  ["platform", "?data=crowded#/platform"],
  ["import", "?data=normal#/platform?tab=import"],
  ["sheets", "?data=crowded#/sheets?view=to_confirm"],
  ["register", "?data=normal#/register"],
  ["roster", "?data=crowded#/roster"],
  ["roster-posts", "?data=normal#/roster?view=posts"],
  ["roster-day", "?data=normal#/roster?view=day"],
  ["roster-empty", "?data=empty#/roster"],
  ["roster-mine", "?data=normal&role=engineer#/roster?tab=mine"],
  ["roster-swaps", "?data=normal#/roster?tab=swaps"],
  ["roster-submitted", "?data=normal&stage_of=approved#/roster"],
  ["roster-print", "?data=normal#/roster/print?month=2025-10&form=list"],
  ["chart", "?data=normal#/chart"],
  ["contract", "?data=normal#/contracts"],
  ["rules", "?data=normal#/contracts/guangxi-police?tab=rules&rule=E-1h-24h"],
  ["objects", "?data=normal#/contracts/guangxi-police?tab=objects"],
  ["posts", "?data=normal#/contracts/guangxi-police?tab=posts"],
  ["rows", "?data=normal#/contracts/guangxi-police?tab=rows&q=响应"],
  ["open", "?data=normal#/contracts/guangxi-police?tab=open"],
  ["agreed", "?data=crowded#/contracts/guangxi-police?tab=agreed&section=system_class"],
  ["agreed-new", "?data=normal#/contracts/guangxi-police?tab=agreed&section=office_hours", ["a"]],
  ["agreed-choices", "?data=normal#/contracts/guangxi-police?tab=agreed&section=limit", ["a"]],
  ["agreed-preview", "?data=normal#/contracts/guangxi-police?tab=agreed&section=vip", ["j", "Delete", "p"]],
  ["words", "?data=normal&matrix=none#/register", ["5", ".", "2", "Enter"]],
  ["sync", "?data=normal&link=offline#/sync"],
  ["settings", "?data=normal#/settings"],
  ["palette", "?data=normal#/today", ["Control+k"]],
  ["help", "?data=normal#/today", ["?"]],
  ["login", "?stage=logged_out"],
  ["lock", "?stage=locked"],
];
// Words that must be in the name: `node dev/axe.mjs roster`.
const wanted = process.argv.slice(2);
let found = 0;
for (const theme of ["light", "dark"]) {
  for (const [name, address, keys] of PAGES) {
    if (wanted.length && !wanted.some((word) => name.includes(word))) continue;
    const page = await browser.newPage({
      viewport: { width: 1366, height: 768 },
      colorScheme: theme,
      bypassCSP: true,
    });
    const [query, hash] = address.split("#");
    await page.goto(`${host.origin}/${query}&theme=${theme}${hash ? `#${hash}` : ""}`);
    await page.waitForTimeout(400);
    for (const key of keys ?? []) await page.keyboard.press(key);
    await page.waitForTimeout(400);
    await page.evaluate(axe);
    const result = await page.evaluate(() => window.axe.run());
    for (const each of result.violations) {
      if (!["serious", "critical"].includes(each.impact)) continue;
      found++;
      console.log(`${name} ${theme}: ${each.id} (${each.impact}) ${each.help}`);
      for (const node of each.nodes.slice(0, 3))
        console.log(`    ${node.target.join(" ")}  ${node.any[0]?.message ?? node.all[0]?.message ?? ""}`);
    }
    await page.close();
  }
}
console.log(found ? `${found} findings` : "no serious findings");
await browser.close();
host.stop();
