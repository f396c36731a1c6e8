// Prints the explain drawer to PDF, short and long, and 200 service sheets in one go: `node dev/print.mjs`.
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
await mkdir(at("./out/"), { recursive: true });
for (const span of ["short", "long"]) {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, colorScheme: "dark" });
  await page.goto(`${host.origin}/?data=crowded&theme=dark&span=${span}#/orders/o30?view=open`);
  await page.waitForTimeout(400);
  await page.waitForSelector("article h1");
  await page.keyboard.press("e");
  await page.waitForSelector(".explain .moves");
  await page.waitForTimeout(300);
  const path = at(`./out/explain-${span}.pdf`);
  const pdf = await page.pdf({ path, preferCSSPageSize: true, printBackground: true });
  const pages = pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length ?? 0;
  console.log(`explain-${span}: ${pages} page(s)`);
  if (pages !== 1) process.exitCode = 1;
  await page.close();
}
// The unsigned records of a crowded site: one page each, in less than five seconds from key to PDF.
const SHEETS = 200;
const SHEETS_MS_MAX = 5000;
{
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, colorScheme: "dark" });
  // The dialog would end before the PDF is made, and take the sheets away.
  await page.addInitScript(() => {
    window.print = () => document.body.setAttribute("data-printing", "");
  });
  await page.goto(`${host.origin}/?data=crowded&theme=dark#/sheets?view=all`);
  await page.waitForSelector(".list .line");
  const ticked = page.locator(".list .line input");
  const all = await ticked.count();
  await page.evaluate((wanted) => {
    for (const box of [...document.querySelectorAll(".list .line input")].slice(wanted)) box.click();
  }, SHEETS);
  await page.locator("header h1").click();
  const started = Date.now();
  await page.keyboard.press("p");
  await page.waitForSelector("body[data-printing]");
  const pdf = await page.pdf({
    path: at("./out/sheets.pdf"),
    preferCSSPageSize: true,
    printBackground: true,
  });
  const took = Date.now() - started;
  const pages = pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length ?? 0;
  console.log(`sheets: ${SHEETS} of ${all} records, ${pages} page(s), ${took} ms`);
  if (pages !== SHEETS || took > SHEETS_MS_MAX) process.exitCode = 1;
  await page.close();
}
// The roster: one row a day on A4, one row a person on A3.
for (const [form, sheets, width, height] of [
  ["list", 1, 595, 842],
  ["grid", 1, 1191, 842],
]) {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, colorScheme: "dark" });
  await page.goto(`${host.origin}/?data=crowded&theme=dark#/roster/print?month=2025-10&form=${form}`);
  await page.waitForSelector(".leaf table");
  const pdf = await page.pdf({
    path: at(`./out/roster-${form}.pdf`),
    preferCSSPageSize: true,
    printBackground: true,
  });
  const text = pdf.toString("latin1");
  const pages = text.match(/\/Type \/Page\b/g)?.length ?? 0;
  const box = text.match(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/);
  console.log(`roster-${form}: ${pages} page(s) of ${box?.[1]} x ${box?.[2]} pt`);
  const fits = Math.abs(Number(box?.[1]) - width) < 2 && Math.abs(Number(box?.[2]) - height) < 2;
  if (pages > sheets || !fits) process.exitCode = 1;
  await page.close();
}
// The sheets of a month: landscape, one for each division.
{
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, colorScheme: "dark" });
  await page.addInitScript(() => {
    window.print = () => document.body.setAttribute("data-printing", "");
  });
  await page.goto(`${host.origin}/?data=crowded&theme=dark#/attendance`);
  await page.waitForSelector("td button");
  await page.keyboard.press("p");
  await page.waitForSelector("body[data-printing]");
  const sheets = await page.locator(".attendance-print > *").count();
  const path = at("./out/attendance.pdf");
  const pdf = await page.pdf({ path, preferCSSPageSize: true, printBackground: true });
  const pages = pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length ?? 0;
  console.log(`attendance: ${sheets} division(s), ${pages} page(s)`);
  if (pages !== sheets) process.exitCode = 1;
  await page.close();
}
await browser.close();
host.stop();
