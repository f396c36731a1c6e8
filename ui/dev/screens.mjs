// Looks at every screen with made-up data, several at a time.
//
//   node dev/screens.mjs [words]       pictures of the screens with a word in their name, in dev/out
//   node dev/screens.mjs --as zoom     the same as someone else sees them: LOOKS below
//   node dev/screens.mjs --audit       every screen opens without an error, and axe-core on it,
//                                      its rules about colours in both themes
//   node dev/screens.mjs --check       the same, and the pictures in dev/expected against today's, on a machine
//                                      with the fonts and the Chromium they were taken with
//   node dev/screens.mjs --renew       takes the pictures of dev/expected anew; look at them before you commit
//
// Words after --audit, --check or --renew narrow these, too.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { SCENES } from "./scenes.mjs";
import { SIZES, settled, stage } from "./stage.mjs";

/** Screens compared with the pictures in dev/expected, by size and theme. */
const COMPARED = {
  "1366-light": `today-crowded today-empty orders orders-empty orders-selected orders-bulk-form detail detail-step
    detail-accept detail-calls detail-attach to-confirm explain alarm whereabouts knowledge register register-gap
    records records-copied platform import sheets contract contract-rules agreed agreed-preview sync sync-empty
    settings palette help gate-login gate-enrol roster roster-posts roster-owed roster-print leave leave-open staff handover
    handover-form hotline dutylog coverage coverage-change coverage-ledger wall stock stock-first stock-part stock-move
    stock-usage slips slip-issue transfers transfer-ask transfer-receive take-count take-closed stock-ledger
    stock-labels detail-use attendance device device-first device-card device-history device-edit device-refused
    device-board device-import device-labels`,
  "1366-dark": `today-crowded orders detail-step explain alarm register records-copied platform agreed-preview
    gate-login roster handover coverage wall stock-part stock-ageing transfer-differs take-count device-card
    device-board`,
  "1920-light":
    "today-crowded orders detail register records-copied contract-rules sheets whereabouts roster stock-part device device-board",
  "1920-dark": "today-crowded orders detail sync",
};
/**
 * How much may differ: a pixel counts from a tenth of the way between black and white on (below that no eye sees
 * it), smoothed edges never, and as many as the area of two letters may. The clock, the faces and the way of drawing
 * are fixed, so the same Chromium draws the same; the rest is for its security updates.
 */
const PIXEL_THRESHOLD = 0.1;
const PIXELS_MAX = 250;

/** Other eyes: a vision deficiency that Chromium simulates, or letters of twice the size. */
const LOOKS = {
  zoom: { page: { viewport: { width: 683, height: 384 }, deviceScaleFactor: 2 } },
  deuteranopia: { vision: "deuteranopia" },
  protanopia: { vision: "protanopia" },
  achromatopsia: { vision: "achromatopsia" },
};

const { values: asked, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    audit: { type: "boolean" },
    check: { type: "boolean" },
    renew: { type: "boolean" },
    as: { type: "string" },
  },
});
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const isCompared = ([name], { size, theme }) => COMPARED[`${size}-${theme}`].split(/\s+/).includes(name);
let findings = 0;
const report = (line) => {
  findings++;
  console.log(line);
};

/** Which screens are looked at in which size and theme. */
function tasks() {
  const looks = ["light", "dark"].flatMap((theme) => Object.keys(SIZES).map((size) => ({ size, theme })));
  const all = looks
    .flatMap((look) => SCENES.map((scene) => ({ scene, look, file: fileOf(scene, look) })))
    .filter(({ file }) => wanted.every((word) => file.includes(word)));
  if (asked.renew) return all.filter(({ scene, look }) => isCompared(scene, look));
  if (asked.check) return all.filter(({ scene, look }) => isAudited(look) || isCompared(scene, look));
  if (asked.audit) return all.filter(({ look }) => isAudited(look));
  return all.filter(({ look }) => !asked.as || look.size === "1366");
}
/** What axe finds does not hang on the size, and of the theme only the colours do: one look shows both. */
const isAudited = ({ size, theme }) => size === "1366" && theme === "light";
const fileOf = ([name], { size, theme }) => [name, size, theme, asked.as].filter(Boolean).join("-");

/** What is kept in the repository is packed as small as a PNG gets: no transparency, no filter, the slow deflate. */
const SMALL = { colorType: 2, filterType: 0, deflateLevel: 9, deflateStrategy: 0 };
const packed = (png) => PNG.sync.write(PNG.sync.read(png), SMALL);
const photo = (page) => page.screenshot({ animations: "disabled", caret: "hide" });

/** Says when a screen differs from its picture, and keeps both and the difference. */
async function compare(file, got) {
  const is = PNG.sync.read(got);
  const { width, height } = is;
  const wanted = await readFile(at(`./expected/${file}.png`)).catch(() => null);
  if (!wanted) return report(`${file}: dev/expected has no picture of it; npm run screens:renew takes one`);
  const was = PNG.sync.read(wanted);
  if (was.width !== width || was.height !== height) return report(`${file}: the picture has another size`);
  const diff = new PNG({ width, height });
  const pixels = pixelmatch(was.data, is.data, diff.data, width, height, { threshold: PIXEL_THRESHOLD });
  if (pixels <= PIXELS_MAX) return;
  await writeFile(at(`./out/${file}.png`), got);
  await writeFile(at(`./out/${file}.diff.png`), PNG.sync.write(diff));
  report(`${file}: ${pixels} pixels differ (${PIXELS_MAX} may), see ui/dev/out/${file}.diff.png`);
}

/** Serious and critical findings of axe-core: all rules, and in the dark again those about colours. */
async function audit(page, file) {
  await page.evaluate(axe);
  await findingsOf(page, file, {});
  await page.evaluate(() => {
    document.documentElement.dataset.theme = "dark";
  });
  await settled(page);
  await findingsOf(page, `${file}, dark`, { runOnly: ["color-contrast", "link-in-text-block"] });
}
async function findingsOf(page, file, rules) {
  const { violations } = await page.evaluate((which) => window.axe.run(which), {
    ...rules,
    resultTypes: ["violations"],
  });
  for (const { id, impact, help, nodes } of violations) {
    if (!["serious", "critical"].includes(impact)) continue;
    const where = nodes.slice(0, 3).map((node) => node.target.join(" "));
    const why = nodes[0]?.any[0]?.message ?? nodes[0]?.all[0]?.message ?? "";
    report(`${file}: ${id} (${impact}) ${help}\n    ${where.join("\n    ")}\n    ${why}`);
  }
}

async function look(booth, page, { scene, look, file }) {
  page.complain = (text) => report(`${file}: ${text}`);
  try {
    await booth.show(page, look.theme, scene);
    if (asked.renew) await writeFile(at(`./expected/${file}.png`), packed(await photo(page)));
    else if (asked.check && isCompared(scene, look)) await compare(file, await photo(page));
    else if (!asked.check && !asked.audit) await writeFile(at(`./out/${file}.png`), await photo(page));
    if ((asked.check || asked.audit) && isAudited(look)) await audit(page, file);
  } catch (error) {
    report(`${file}: ${error.message}`);
  }
}

/** Takes tasks until there are none; those of one size and theme share a page. */
async function work(booth, todo) {
  const as = LOOKS[asked.as];
  let page = null;
  let kind = "";
  for (let task = todo.shift(); task; task = todo.shift()) {
    if (kind !== JSON.stringify(task.look)) {
      await page?.context().close();
      kind = JSON.stringify(task.look);
      page = await booth.open({ ...task.look, ...as?.page });
      if (as?.vision) {
        const session = await page.context().newCDPSession(page);
        await session.send("Emulation.setEmulatedVisionDeficiency", { type: as.vision });
      }
    }
    await look(booth, page, task);
  }
}

if (asked.renew && wanted.length === 0) await rm(at("./expected"), { recursive: true, force: true });
for (const folder of ["./out", "./expected"]) await mkdir(at(folder), { recursive: true });
const todo = tasks();
const count = todo.length;
if (asked.check && wanted.length === 0) {
  const known = new Set(todo.map(({ file }) => `${file}.png`));
  for (const name of await readdir(at("./expected")))
    if (!known.has(name)) report(`dev/expected/${name} is a picture of no screen`);
}
const booth = await stage();
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, () => work(booth, todo)));
await booth.close();
console.log(`${count} looks at ${SCENES.length} screens: ${findings || "no"} findings`);
process.exit(findings ? 1 : 0);
