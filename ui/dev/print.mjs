// Prints the explain drawer to PDF, short and long: `node dev/print.mjs`.
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const host = await serve(at("../dist-mock"));
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
for (const span of ["short", "long"]) {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, colorScheme: "dark" });
  await page.goto(`${host.origin}/?data=crowded&theme=dark&span=${span}#/orders/o30?view=open`);
  await page.waitForTimeout(400);
  await page.keyboard.press("e");
  await page.waitForTimeout(500);
  await page.pdf({ path: at(`./shots/explain-${span}.pdf`), preferCSSPageSize: true, printBackground: true });
  await page.close();
}
await browser.close();
host.stop();
