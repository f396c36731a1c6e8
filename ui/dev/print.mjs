// Prints the explain drawer to PDF, short and long: `node dev/print.mjs`.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const host = await serve(at("../dist-mock"));
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
await mkdir(at("./shots/"), { recursive: true });
for (const span of ["short", "long"]) {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, colorScheme: "dark" });
  await page.goto(`${host.origin}/?data=crowded&theme=dark&span=${span}#/orders/o30?view=open`);
  await page.waitForTimeout(400);
  await page.waitForSelector("article h1");
  await page.keyboard.press("e");
  await page.waitForSelector(".explain .moves");
  await page.waitForTimeout(300);
  const path = at(`./shots/explain-${span}.pdf`);
  const pdf = await page.pdf({ path, preferCSSPageSize: true, printBackground: true });
  const pages = pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length ?? 0;
  console.log(`explain-${span}: ${pages} page(s)`);
  if (pages !== 1) process.exitCode = 1;
  await page.close();
}
await browser.close();
host.stop();
