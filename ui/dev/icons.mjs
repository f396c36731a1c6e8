// Draws assets/icons/*.png from icon.svg: `node dev/icons.mjs`.
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const folder = fileURLToPath(new URL("../../assets/icons/", import.meta.url));
const svg = await readFile(`${folder}icon.svg`, "utf8");
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
for (const [size, name] of [
  [32, "32x32"],
  [128, "128x128"],
  [256, "256x256"],
  [512, "icon"],
]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  await page.screenshot({ path: `${folder}${name}.png`, omitBackground: true });
  await page.close();
}
await browser.close();
const site = fileURLToPath(new URL("../public/", import.meta.url));
await mkdir(site, { recursive: true });
await copyFile(`${folder}32x32.png`, `${site}icon.png`);
