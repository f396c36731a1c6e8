// Every screen and main state: name, address with made-up data, and what is done before it is looked at.
import { settled } from "./stage.mjs";

/** For what waits on purpose: a search box, a reminder. */
const rest = async (page, ms = 0) => {
  if (ms) await page.waitForTimeout(ms);
  await settled(page);
};
const key =
  (...keys) =>
  async (page) => {
    for (const each of keys) {
      await page.keyboard.press(each);
      await settled(page);
    }
  };

const basis = async (page) => {
  await page.fill("#setting-basis-effective", "20251120");
  await page.fill("#setting-basis-who", "科信办");
  await page.fill("#setting-basis-paper", "运维约定补充函 2025-11-20");
};
const add = async (page, fields) => {
  await page.keyboard.press("a");
  for (const [name, text] of Object.entries(fields)) await page.fill(`#setting-${name}`, text);
  await basis(page);
  await page.keyboard.press("Control+Enter");
  await settled(page);
};
/** One entry changed, one removed. */
const change = async (page) => {
  await key("j", "Enter")(page);
  await page.fill("#setting-users", "1200");
  await basis(page);
  await page.keyboard.press("Control+Enter");
  await key("j", "j", "Delete")(page);
};

/** Serial numbers of the made-up store, in the order of its models. */
const SERIALS = ["ZC4255V", "ZC44DZ0"];
const atOnce = async (page, ...keys) => {
  await Promise.all(keys.flatMap((each) => [page.keyboard.down(each), page.keyboard.up(each)]));
  await rest(page);
};
/** What a keyboard-wedge scanner does: all keys at once, and Enter. */
const scan = (page, code) => atOnce(page, ...code, "Enter");
const seen = (page, selector) => page.waitForSelector(selector);
/** Opens the order so far down the list. */
const openAt =
  (down, ...keys) =>
  async (page) => {
    await key(...Array(down).fill("j"), "Enter")(page);
    await page.waitForSelector("article h1");
    await rest(page, 150);
    await key(...keys)(page);
  };
/** Opens the first order with files in sight. */
const openFiles = async (page) => {
  const files = page.locator("section[aria-label=附件]");
  await openAt(1)(page);
  for (let n = 0; n < 12 && !(await files.count()); n++) {
    await page.keyboard.press("j");
    await rest(page, 250);
  }
  await files.scrollIntoViewIfNeeded();
};
/** Types into what has the focus and takes what was found. */
const find = async (page, typed) => {
  await page.keyboard.type(typed);
  await rest(page);
  await page.keyboard.press("Enter");
  await rest(page);
};
/** Makes changes to the settings and looks at them before they are published. */
const preview = async (page, make) => {
  await make(page);
  await key("p")(page);
  await rest(page);
};

export const SCENES = [
  ["today", "?data=normal#/today"],
  ["today-crowded", "?data=crowded&link=offline#/today", key("j", "j")],
  ["today-empty", "?data=empty#/today"],
  ["orders", "?data=crowded#/orders?view=open", key("j", "j", "j")],
  ["orders-empty", "?data=empty#/orders"],
  ["orders-error", "?data=normal&fail=internal#/orders"],
  ["detail", "?data=crowded#/orders?view=division", openAt(6)],
  ["detail-step", "?data=crowded#/orders?view=open&status=arrived", openAt(2, "h")],
  [
    "detail-level",
    "?data=crowded#/orders?view=open&status=arrived",
    async (page) => {
      await openAt(2, "l")(page);
      await key("Enter", "ArrowDown", "Enter")(page);
    },
  ],
  ["detail-accept", "?data=crowded#/orders?view=open&status=dispatched", openAt(2, "a")],
  [
    "detail-accept-typed",
    "?data=crowded#/orders?view=open&status=dispatched",
    async (page) => {
      await openAt(2, "a", "n", "h")(page);
      await seen(page, "#step-text:focus");
      if ((await page.inputValue("#step-text")) !== "nh") throw new Error("letters did not go into the form");
    },
  ],
  [
    "detail-accept-quick",
    "?data=crowded#/orders?view=open&status=dispatched",
    async (page) => {
      await openAt(2)(page);
      await atOnce(page, "a", "n", "h");
      await seen(page, "#step-text:focus");
      if ((await page.inputValue("#step-text")) !== "nh") throw new Error("text right after a key was lost");
    },
  ],
  [
    "detail-step-clicked",
    "?data=crowded#/orders?view=open&status=dispatched",
    async (page) => {
      await openAt(2)(page);
      await page.getByRole("toolbar", { name: "可做的步骤" }).getByText("接单").dblclick();
      await seen(page, "#step-text:focus");
    },
  ],
  [
    "detail-accept-enter",
    "?data=crowded#/orders?view=open&status=dispatched",
    async (page) => {
      await openAt(2, "a", "Enter")(page);
      await seen(page, ".toast.ok");
    },
  ],
  [
    "orders-view-clicked",
    "?data=crowded#/orders?view=open",
    async (page) => {
      await page.getByRole("navigation", { name: "工单视图" }).getByText("即将超时").click();
      await settled(page);
      await key("j", "j", "Enter")(page);
      await seen(page, "article h1");
    },
  ],
  [
    "detail-more",
    "?data=crowded#/orders?view=open&status=arrived",
    async (page) => {
      await openAt(2)(page);
      await page.getByLabel("更多步骤").click();
    },
  ],
  [
    "detail-calls",
    "?data=crowded#/orders?view=open&status=dispatched",
    async (page) => {
      await openAt(1)(page);
      await page.getByText("呼叫名单").click();
      await page.getByText("记录呼叫").nth(1).click();
    },
  ],
  ["alarm", "?data=crowded&alarm=1#/today"],
  ["whereabouts", "?data=normal#/today", key("g")],
  ["whereabouts-empty", "?data=empty#/today", key("g")],
  ["orders-selected", "?data=crowded#/orders?view=open", key("j", "x", "Shift+J", "Shift+J", "Shift+J")],
  [
    "orders-bulk-form",
    "?data=crowded#/orders?view=open&status=arrived",
    key("j", "x", "Shift+J", "Shift+J", "t"),
  ],
  [
    "orders-held",
    "?data=crowded#/orders?view=unassigned",
    key("j", "x", "Shift+J", "Shift+J", "Shift+J", "a", "Control+Enter"),
  ],
  [
    "orders-results",
    "?data=crowded#/orders?view=unassigned",
    async (page) => {
      await key("j", "x", "Shift+J", "Shift+J", "Shift+J", "Shift+J", "a", "Control+Enter")(page);
      await page.getByText("立即办理").click();
    },
  ],
  ["orders-columns", "?data=crowded#/orders?view=open", (page) => page.getByLabel("选择列").click()],
  [
    "orders-views",
    "?data=crowded#/orders?view=open&level=1",
    async (page) => {
      await page.getByLabel("“一级未结”的操作").click();
    },
  ],
  [
    "orders-view-new",
    "?data=crowded#/orders?view=open&level=1",
    async (page) => {
      await page.getByLabel("把当前筛选和排序存为视图").click();
      await page.keyboard.type("一级夜间");
    },
  ],
  ["orders-waiting", "?data=crowded#/orders?view=waiting"],
  ["orders-waiting-empty", "?data=empty#/orders?view=waiting"],
  ["detail-restore", "?data=crowded#/orders?view=open&status=arrived", openAt(2, "m")],
  ["detail-vendor", "?data=crowded#/orders?view=open&status=suspended", openAt(1, "v")],
  [
    "detail-merge",
    "?data=crowded#/orders?view=open&status=arrived",
    async (page) => {
      await openAt(2)(page);
      await page.getByLabel("更多步骤").click();
      await page.getByRole("menuitem", { name: "并单" }).click();
    },
  ],
  ["knowledge", "?data=normal#/knowledge?q=注册"],
  ["knowledge-empty", "?data=empty#/knowledge"],
  ["detail-files", "?data=crowded#/orders?view=division", openFiles],
  [
    "detail-attach",
    "?data=crowded#/orders?view=open&status=arrived",
    async (page) => {
      await openAt(2)(page);
      await rest(page, 300);
      const file = (name, mimeType, bytes) => ({ name, mimeType, buffer: Buffer.alloc(bytes, 32) });
      await page
        .locator("form.composer input[type=file]")
        .setInputFiles([
          file("机柜 A03 指示灯.jpg", "image/jpeg", 1_400_000),
          file("报修 13812345678.png", "image/png", 180_000),
          file("交换机日志.txt", "text/plain", 40_000),
          file("拓扑图.svg", "image/svg+xml", 9_000),
        ]);
      await rest(page, 900);
    },
  ],
  [
    "picture",
    "?data=crowded#/orders?view=division",
    async (page) => {
      await openFiles(page);
      await page.locator("section[aria-label=附件] .look").first().click();
      await rest(page, 400);
    },
  ],
  ["detail-suspended", "?data=crowded#/orders?view=open&status=suspended", openAt(1)],
  ["explain", "?data=crowded#/orders?view=open&status=arrived", openAt(2, "e")],
  ["explain-long", "?data=crowded&span=long#/orders?view=open&status=arrived", openAt(2, "e")],
  ["to-confirm", "?data=crowded#/orders?view=to_confirm", openAt(1)],
  ["platform", "?data=crowded#/platform", key("j", "j", "x")],
  ["platform-empty", "?data=empty#/platform"],
  [
    "platform-numbers",
    "?data=normal#/platform",
    async (page) => {
      await page.locator("input.no").nth(0).fill("IT202511240031");
      await page.locator("input.no").nth(1).fill("IT202511240031");
    },
  ],
  ["import-empty", "?data=normal#/platform?tab=import"],
  [
    "import",
    "?data=normal#/platform?tab=import",
    async (page) => {
      await page.locator("textarea").fill("平台单号\t标题\nIT202511240031\t平台登录页打开缓慢");
      await rest(page, 600);
    },
  ],
  ["sheets", "?data=crowded#/sheets?view=to_confirm", key("j", "j", "j")],
  ["sheets-empty", "?data=empty#/sheets"],
  ["orders-export", "?data=crowded#/orders?view=open", (page) => page.getByLabel("导出或打印").click()],
  [
    "register",
    "?data=normal#/register",
    async (page) => {
      await find(page, "jck");
      await page.getByText("影响二分之一以下用户").click();
      await rest(page);
    },
  ],
  [
    "register-gap",
    "?data=normal#/register",
    async (page) => {
      await find(page, "2.3");
      await page.getByText("一般系统、一般基础设施或非 VIP 终端故障").click();
      await page.getByText("影响二分之一及以上用户", { exact: true }).click();
      await rest(page);
      await page.keyboard.press("Control+Enter");
    },
  ],
  [
    "register-overlap",
    "?data=normal#/register",
    async (page) => {
      await find(page, "jck");
      await page.getByText("影响个别用户（1-3 人）").click();
      await rest(page);
    },
  ],
  [
    "register-words",
    "?data=normal&matrix=none#/register",
    async (page) => {
      await find(page, "jck");
      await page.locator(".stack label").nth(1).click();
      await rest(page);
    },
  ],
  [
    "register-late",
    "?data=crowded#/register",
    async (page) => {
      await find(page, "5.2");
      await page.fill("#reg-title", "平台登录页打开缓慢");
      await page.fill("#reg-time", "13:20");
      await page.fill("#reg-planned", "明天 09:00");
      await rest(page, 500);
      await page.keyboard.press("Control+Enter");
    },
  ],
  [
    "register-behalf",
    "?data=normal#/register",
    async (page) => {
      await page.getByText("服务请求").click();
      await page.locator("#reg-behalf").click();
      await page.keyboard.press("Enter");
      await page.getByText("到场服务").click();
      await page.keyboard.press("Control+Enter");
      await page.locator("#reg-permit").scrollIntoViewIfNeeded();
    },
  ],
  ["records", "?data=normal#/records"],
  ["records-empty", "?data=empty#/records"],
  [
    "records-line",
    "?data=normal#/records",
    async (page) => {
      await page.keyboard.type("jck");
      await rest(page, 100);
    },
  ],
  [
    "records-copied",
    "?data=normal#/records",
    async (page) => {
      await page.getByText("复制昨天").click();
      await rest(page);
      await page.locator(".entry input[type=checkbox]").nth(0).check();
      await page.locator(".entry input[type=checkbox]").nth(3).check();
      await page.keyboard.press("Control+Enter");
      await rest(page);
    },
  ],
  [
    "records-saved",
    "?data=normal#/records",
    async (page) => {
      await page.keyboard.press("Alt+1");
      await page.keyboard.press("Control+Enter");
      await rest(page, 300);
    },
  ],
  [
    "records-behalf",
    "?data=normal#/records",
    async (page) => {
      await page.keyboard.type("3.1");
      await page.keyboard.press("Tab");
      await page.keyboard.type("yc");
      await page.keyboard.press("Tab");
      await page.keyboard.type("调整视频平台地市接入参数");
      await page.keyboard.press("Alt+d");
      await page.locator("[id$=-behalf]").click();
      await page.keyboard.press("Enter");
      await page.getByText("到场服务").click();
      await page.keyboard.press("Control+Enter");
      await rest(page);
    },
  ],
  ["contract", "?data=normal#/contracts"],
  ["contract-empty", "?data=empty#/contracts"],
  ["contract-rules", "?data=normal#/contracts/guangxi-police?tab=rules&rule=E-1h-24h"],
  ["contract-rules-many", "?data=normal#/contracts/xuchang?tab=rules"],
  [
    "contract-objects",
    "?data=crowded#/contracts/guangxi-police?tab=objects",
    (page) => page.keyboard.type("/ht"),
  ],
  ["contract-objects-all", "?data=normal#/contracts/guangxi-police?tab=objects"],
  ["contract-posts", "?data=normal#/contracts/guangxi-police?tab=posts"],
  [
    "contract-rows",
    "?data=normal#/contracts/guangxi-police?tab=rows",
    async (page) => {
      await page.keyboard.press("/");
      await page.keyboard.type("响应 现场");
      await rest(page, 500);
    },
  ],
  ["contract-rows-none", "?data=normal#/contracts/guangxi-police?tab=rows&q=没有这样的词"],
  ["contract-open", "?data=normal#/contracts/guangxi-police?tab=open", key("j", "j")],
  ["contract-open-none", "?data=normal#/contracts/xuchang?tab=open"],
  ["order-rule", "?data=crowded#/orders?view=all&rule=L3"],
  ["agreed", "?data=normal#/contracts/guangxi-police?tab=agreed"],
  ["agreed-none", "?data=normal#/contracts/xuchang?tab=agreed&section=office_hours"],
  ["agreed-crowded", "?data=crowded#/contracts/guangxi-police?tab=agreed&section=system_class"],
  ["agreed-reader", "?data=crowded&role=engineer#/contracts/guangxi-police?tab=agreed&section=office_hours"],
  [
    "agreed-edit",
    "?data=normal#/contracts/guangxi-police?tab=agreed&section=office_hours",
    async (page) => {
      await page.keyboard.press("a");
      await page.fill("#setting-from", "5月1日");
      await page.fill("#setting-windows", "22:00-08:00");
      await page.keyboard.press("Control+Enter");
    },
  ],
  [
    "agreed-changed",
    "?data=normal#/contracts/guangxi-police?tab=agreed&section=system_class",
    (page) => change(page),
  ],
  [
    "agreed-problems",
    "?data=normal#/contracts/guangxi-police?tab=agreed&section=vip",
    async (page) => {
      await preview(page, (it) => add(it, { name: "王处长" }));
    },
  ],
  [
    "agreed-jump",
    "?data=normal#/contracts/guangxi-police?tab=agreed&section=vip",
    async (page) => {
      await preview(page, (it) => add(it, { name: "王处长" }));
      await page.locator(".problem").click();
    },
  ],
  [
    "agreed-preview",
    "?data=crowded#/contracts/guangxi-police?tab=agreed&section=system_class",
    async (page) => {
      await preview(page, change);
      await page.locator("tbody .tick input").nth(1).check();
    },
  ],
  [
    "agreed-published",
    "?data=normal#/contracts/guangxi-police?tab=agreed&section=system_class",
    async (page) => {
      await preview(page, change);
      await page.locator("thead .tick input").check();
      await page.fill("#publish-note", "按科信办 11 月 20 日函");
      await page.keyboard.press("Control+Enter");
      await rest(page, 300);
    },
  ],
  [
    "agreed-race",
    "?data=normal&race=1#/contracts/guangxi-police?tab=agreed&section=vip",
    async (page) => {
      await key("j", "j", "Enter")(page);
      await page.fill("#setting-name", "指挥中心值班室");
      await basis(page);
      await page.keyboard.press("Control+Enter");
      await key("p")(page);
      await rest(page);
      await page.fill("#publish-note", "按科信办 11 月 20 日函");
      await page.keyboard.press("Control+Enter");
      await rest(page, 300);
      await page.getByText("载入新版并对照").click();
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
      await rest(page, 400);
    },
  ],
  ["help", "?data=normal#/today", key("?")],
  ["stale", "?data=normal&link=stale&remind=1#/today", (page) => rest(page, 900)],
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
      await rest(page);
    },
  ],
  ["gate-login-one", "?stage=logged_out&known=1", (page) => seen(page, "#password:focus")],
  ["gate-lock", "?stage=locked"],
  ["user-menu", "?data=normal#/today", (page) => page.getByLabel("ZHZG驻场01 的菜单").click()],
  ["gate-password", "?stage=must_change"],
  ["attendance", "?data=normal#/attendance"],
  ["attendance-crowded", "?data=crowded#/attendance"],
  ["attendance-empty", "?data=empty#/attendance"],
  ["attendance-punched", "?data=normal#/attendance", key("Enter")],
  ["attendance-colleague", "?data=normal#/attendance", (page) => page.getByText("同事在本机打卡").click()],
  [
    "attendance-day",
    "?data=normal#/attendance",
    async (page) => {
      await page.locator("td button").nth(20).click();
      await settled(page);
    },
  ],
  ["attendance-close", "?data=normal#/attendance", key("c")],
  [
    "attendance-closed-day",
    "?data=normal#/attendance",
    async (page) => {
      await page.locator("td button").nth(11).click();
      await settled(page);
    },
  ],
  ["overtime", "?data=normal#/attendance/overtime"],
  ["overtime-empty", "?data=empty#/attendance/overtime"],
  ["overtime-open", "?data=normal#/attendance/overtime", key("j", "Enter")],
  ["overtime-ask", "?data=normal#/attendance/overtime", key("a")],
  ["checks", "?data=normal#/attendance/checks"],
  ["checks-empty", "?data=empty#/attendance/checks"],
  ["checks-open", "?data=normal#/attendance/checks", key("j", "Enter")],
  ["checks-note", "?data=normal#/attendance/checks", key("a")],
  ["compare", "?data=normal#/attendance/compare"],
  [
    "compare-found",
    "?data=normal#/attendance/compare",
    async (page) => {
      await page.fill("#compare-text", "姓名\t1\t2\t3\t4\t5\n王强\t√\t√\t√\t√\t√");
      await page.keyboard.press("Control+Enter");
      await settled(page);
    },
  ],
  ["proposals", "?data=normal#/attendance/proposals"],
  ["proposals-empty", "?data=empty#/attendance/proposals"],
  ["leave", "?data=normal#/roster/leave"],
  ["leave-empty", "?data=empty#/roster/leave"],
  ["leave-open", "?data=normal#/roster/leave", key("j", "Enter")],
  [
    "leave-buyer",
    "?data=normal#/roster/leave",
    async (page) => {
      await page.getByText("我的请假").waitFor();
      await key("j", "j", "j", "Enter")(page);
    },
  ],
  [
    "leave-ask",
    "?data=normal#/roster/leave",
    async (page) => {
      await key("a", "2")(page);
      await page.keyboard.type("1208");
      await rest(page, 400);
    },
  ],
  ["staff", "?data=normal#/roster/staff"],
  ["staff-missing", "?data=normal#/roster/staff", key("m")],
  ["staff-empty", "?data=empty#/roster/staff"],
  ["staff-open", "?data=normal#/roster/staff", key("j", "j", "Enter")],
  ["roster", "?data=normal#/roster"],
  ["roster-crowded", "?data=crowded#/roster", key("Tab")],
  ["roster-empty", "?data=empty#/roster"],
  ["roster-unopened", "?data=normal&unopened=1#/roster"],
  ["roster-reader", "?data=normal&role=engineer#/roster"],
  ["roster-offline", "?data=normal&link=offline&returned=1#/roster"],
  ["roster-error", "?data=normal&fail=internal&failing=roster#/roster"],
  ["roster-posts", "?data=normal#/roster?view=posts"],
  ["roster-day", "?data=normal#/roster?view=day"],
  [
    "roster-edit",
    "?data=crowded#/roster",
    async (page) => {
      await page.locator(".month-grid").focus();
      await key("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")(page);
      await key("Shift+ArrowDown", "Shift+ArrowRight", "Z")(page);
      await key("b", "p")(page);
      await rest(page, 500);
    },
  ],
  [
    "roster-cell",
    "?data=normal#/roster?view=posts",
    async (page) => {
      await page.locator("button.cover.empty").first().click();
      await rest(page, 200);
      await page.keyboard.press("F2");
      await rest(page, 200);
    },
  ],
  [
    "roster-draft",
    "?data=normal#/roster",
    async (page) => {
      await page.getByText("自动编排").first().click();
      await page.locator(".ask .btn").click();
      await rest(page, 1100);
    },
  ],
  [
    "roster-replace",
    "?data=normal#/roster",
    async (page) => {
      await page.getByText("谁能顶上").first().click();
      await rest(page, 300);
      await page.locator(".proposals .pick").first().click();
      await page.getByText("为什么不是他").click();
    },
  ],
  [
    "roster-waive",
    "?data=normal#/roster",
    async (page) => {
      await page.getByText("放行", { exact: true }).first().click();
      await page.keyboard.press("Tab");
    },
  ],
  [
    "roster-comments",
    "?data=normal#/roster",
    async (page) => {
      await page.locator(".month-grid").focus();
      await key("c")(page);
    },
  ],
  [
    "roster-compare",
    "?data=normal#/roster",
    async (page) => {
      await page.getByRole("tab", { name: "版本" }).click();
      await page.getByText("对照", { exact: true }).click();
      await rest(page, 300);
    },
  ],
  [
    "roster-submitted",
    "?data=normal&stage_of=submitted#/roster",
    async (page) => {
      await page.getByText("退回", { exact: true }).click();
    },
  ],
  [
    "roster-consent",
    "?data=normal&stage_of=approved#/roster",
    async (page) => {
      await page.getByText("登记采购人同意").click();
    },
  ],
  ["roster-swaps", "?data=normal#/roster?tab=swaps"],
  [
    "roster-mine",
    "?data=normal&role=engineer#/roster?tab=mine",
    async (page) => {
      await page.getByText("申请换班").last().click();
    },
  ],
  ["roster-ledger", "?data=normal#/roster", (page) => page.getByText("值班台账").click()],
  [
    "roster-import",
    "?data=normal#/roster",
    async (page) => {
      await page.getByText("打印与文件").click();
      await page.getByText("导入排班").click();
      await rest(page, 300);
      await page.locator(".import textarea").fill("姓名\t18\t19");
      await rest(page, 600);
    },
  ],
  ["roster-owed", "?data=normal#/roster?tab=owed&month=2025-10"],
  ["roster-owed-crowded", "?data=crowded#/roster?tab=owed&month=2025-10"],
  ["roster-print", "?data=normal#/roster/print?month=2025-10&form=list"],
  ["roster-print-grid", "?data=crowded#/roster/print?month=2025-10&form=grid"],
  ["handover", "?data=normal#/handover"],
  ["handover-empty", "?data=empty#/handover"],
  ["handover-form", "?data=normal#/handover", key("n")],
  ["handover-form-crowded", "?data=crowded#/handover", key("n")],
  ["handover-accept", "?data=normal#/handover", key("a")],
  ["handover-error", "?data=normal&fail=internal#/handover"],
  ["hotline", "?data=normal#/handover?tab=hotline"],
  ["hotline-form", "?data=normal#/handover?tab=hotline", key("n")],
  ["hotline-empty", "?data=empty#/handover?tab=hotline"],
  ["dutylog", "?data=normal#/handover?tab=log"],
  ["dutylog-report", "?data=normal#/handover?tab=log", key("r")],
  ["dutylog-sent", "?data=normal&report=sent#/handover?tab=log"],
  ["dutylog-empty", "?data=empty#/handover?tab=log"],
  ["coverage", "?data=normal#/coverage"],
  ["coverage-tell", "?data=normal#/coverage", key("ArrowDown", "x")],
  ["coverage-submitted", "?data=normal#/coverage?id=coverage/next"],
  ["coverage-return", "?data=normal#/coverage?id=coverage/next", key("r")],
  ["coverage-closed", "?data=normal#/coverage?id=coverage/past"],
  ["coverage-close", "?data=normal#/coverage", key("c")],
  ["coverage-new", "?data=normal#/coverage", key("n")],
  ["coverage-change", "?data=normal#/coverage", key("e")],
  ["coverage-empty", "?data=empty#/coverage"],
  ["coverage-error", "?data=normal&fail=internal#/coverage"],
  ["coverage-ledger", "?data=normal#/coverage?tab=ledger", key("j", "Enter")],
  [
    "coverage-ledger-month",
    "?data=normal#/coverage?tab=ledger",
    (page) => page.getByText("月", { exact: true }).click(),
  ],
  ["coverage-calendar", "?data=normal#/coverage?tab=calendar"],
  [
    "coverage-calendar-file",
    "?data=normal#/coverage?tab=calendar",
    async (page) => {
      const file = { name: "2026.json", mimeType: "application/json", buffer: Buffer.from("{}") };
      await page.locator("input[type=file]").setInputFiles(file);
      await seen(page, "section[aria-label=将要改变的]");
    },
  ],
  ["register-frozen", "?data=normal#/register", (page) => page.getByText("变更", { exact: true }).click()],
  ["wall", "?data=crowded#/wall"],
  ["wall-held", "?data=normal&duty=held&link=stale#/wall"],
  ["wall-empty", "?data=empty#/wall"],
  ["wall-locked", "?data=normal&stage=locked#/wall"],
  ["today-held", "?data=normal&duty=held&link=stale#/today"],
  ["device", "?data=normal#/device", key("j", "j")],
  ["device-crowded", "?data=crowded#/device?view=soon", key("j", "j", "j")],
  ["device-first", "?data=empty#/device"],
  ["device-none", "?data=normal&device=none#/device"],
  ["device-error", "?data=normal&failing=asset#/device"],
  ["device-nothing", "?data=normal#/device?text=没有这样的设备"],
  ["device-card", "?data=normal#/device?id=asset/a1"],
  ["device-history", "?data=normal#/device?id=asset/a1", key("Shift+2")],
  ["device-edit", "?data=normal#/device?id=asset/a1", key("e")],
  [
    "device-refused",
    "?data=normal#/device?id=asset/a2",
    async (page) => {
      await key("e")(page);
      await page.fill("#asset-note", "口令：Admin@123");
      await key("Control+Enter")(page);
    },
  ],
  ["device-change", "?data=normal#/device?id=asset/a1", key("s")],
  ["device-board", "?data=crowded#/device?tab=board", (page) => rest(page, 300)],
  [
    "device-import",
    "?data=normal#/device",
    async (page) => {
      await page.click("text=导入导出");
      await page.click("text=导入表格或合同清单");
      await page.fill("[aria-label=粘贴的表格]", "名称\t序列号\n防火墙\tSN-9");
      await rest(page, 500);
    },
  ],
  [
    "device-import-wrong",
    "?data=normal#/device",
    async (page) => {
      await page.click("text=导入导出");
      await page.click("text=导入表格或合同清单");
      await page.fill("[aria-label=粘贴的表格]", "名称\t备注\n防火墙\t口令：x1y2");
      await rest(page, 500);
    },
  ],
  ["device-labels", "?data=normal#/device/labels?view=soon", (page) => rest(page, 500)],
  ["stock", "?data=normal#/stock", key("j", "j")],
  ["stock-crowded", "?data=crowded#/stock?view=below_minimum", key("j", "j", "j")],
  ["stock-none", "?data=empty#/stock"],
  ["stock-first", "?data=empty&stock=new#/stock"],
  ["stock-error", "?data=normal&failing=stock#/stock"],
  ["stock-find", "?data=normal#/stock?text=yp"],
  ["stock-nothing", "?data=normal#/stock?text=没有这样的件"],
  ["stock-part", "?data=normal#/stock?part=part/p0"],
  ["stock-part-below", "?data=normal#/stock?part=part/p19"],
  [
    "stock-ledger-of",
    "?data=crowded#/stock?part=part/p0",
    async (page) => {
      await seen(page, "article h1");
      await key("Shift+Digit2")(page);
      await rest(page, 300);
    },
  ],
  [
    "stock-part-edit",
    "?data=normal#/stock?part=part/p1",
    async (page) => {
      await seen(page, "article h1");
      await key("e")(page);
      await rest(page, 200);
    },
  ],
  [
    "stock-scanned",
    "?data=normal#/today",
    async (page) => {
      await scan(page, SERIALS[1]);
      await seen(page, "article h1");
      await rest(page, 200);
    },
  ],
  [
    "stock-move",
    "?data=normal#/stock",
    async (page) => {
      await key("n")(page);
      await seen(page, "[id^=move-][id$=-part]:focus");
      await page.keyboard.press("Alt+2");
      await rest(page);
      await scan(page, SERIALS[0]);
      await scan(page, SERIALS[1]);
      await scan(page, "part/p19");
      await rest(page, 300);
    },
  ],
  [
    "stock-move-lacks",
    "?data=normal#/stock",
    async (page) => {
      await key("n")(page);
      await seen(page, "[id^=move-][id$=-part]:focus");
      await page.keyboard.press("Alt+3");
      await find(page, "sjt");
      await page.keyboard.type("500");
      await page.keyboard.press("Control+Enter");
      await rest(page, 200);
    },
  ],
  [
    "stock-import",
    "?data=normal#/stock",
    async (page) => {
      await page.getByText("导入导出").click();
      await page.getByText("导入表格").click();
      await page.locator(".sheet textarea").fill("名称\t数量\n硬盘\t4");
      await rest(page, 600);
    },
  ],
  [
    "stock-import-wrong",
    "?data=normal#/stock",
    async (page) => {
      await page.getByText("导入导出").click();
      await page.getByText("导入表格").click();
      await page.locator(".sheet textarea").fill("名称\t数量\n硬盘\t错");
      await rest(page, 600);
    },
  ],
  ["slips", "?data=normal#/stock?tab=slips", key("j", "Enter")],
  ["slips-empty", "?data=empty&stock=new#/stock?tab=slips"],
  [
    "slip-issue",
    "?data=normal#/stock?tab=slips&slip=slip/s2",
    async (page) => {
      await seen(page, "article h1");
      await key("i")(page);
      await rest(page, 200);
      await scan(page, SERIALS[0]);
      await rest(page, 300);
    },
  ],
  [
    "slip-old",
    "?data=normal#/stock?tab=slips&view=all&slip=slip/s4",
    async (page) => {
      await seen(page, "article h1");
      await key("o")(page);
      await rest(page, 200);
      await page.getByText("报废", { exact: true }).click();
      await page.keyboard.press("Control+Enter");
      await rest(page, 200);
    },
  ],
  [
    "slip-ask",
    "?data=normal#/stock?tab=slips",
    async (page) => {
      await key("n")(page);
      await seen(page, "[id^=ask-][id$=-part]:focus");
      await find(page, "gmk");
      await page.keyboard.type("3");
      await page.keyboard.press("Enter");
      await rest(page);
      await page.keyboard.press("Control+Enter");
      await rest(page, 200);
    },
  ],
  ["transfers", "?data=normal#/stock?tab=transfers", key("j")],
  ["stock-spares", "?data=normal#/stock?tab=ledger&view=spares"],
  ["takes-owed", "?data=normal#/stock?tab=takes"],
  ["transfers-empty", "?data=empty&stock=new#/stock?tab=transfers"],
  ["transfers-error", "?data=normal&failing=stock.transfers#/stock?tab=transfers"],
  ["transfer-differs", "?data=normal#/stock?tab=transfers&transfer=transfer/t3"],
  [
    "transfer-ask",
    "?data=normal#/stock?tab=ledger&view=reorder",
    async (page) => {
      await seen(page, "table");
      await key("d")(page);
      await seen(page, "#want-reason:focus");
      await rest(page, 300);
    },
  ],
  [
    "transfer-ship",
    "?data=normal#/stock?tab=transfers&transfer=transfer/t4",
    async (page) => {
      await seen(page, "article h1");
      await key("i")(page);
      await rest(page, 200);
      await scan(page, SERIALS[0]);
      await rest(page, 300);
    },
  ],
  [
    "transfer-receive",
    "?data=normal#/stock?tab=transfers&transfer=transfer/t2",
    async (page) => {
      await seen(page, "article h1");
      await key("r")(page);
      await rest(page, 200);
      await scan(page, "ZC4A81F2");
      await rest(page, 300);
    },
  ],
  [
    "take-count",
    "?data=normal#/stock?tab=takes&take=stocktake/t1",
    async (page) => {
      await seen(page, "#count-part:focus");
      await scan(page, SERIALS[0]);
      await rest(page, 300);
    },
  ],
  ["take-closed", "?data=normal#/stock?tab=takes&take=stocktake/t2"],
  ["takes-empty", "?data=empty&stock=new#/stock?tab=takes"],
  ["take-open", "?data=normal#/stock?tab=takes", key("n")],
  ["stock-ledger", "?data=crowded#/stock?tab=ledger"],
  [
    "stock-gaps",
    "?data=normal#/stock?tab=ledger&view=discrepancies",
    (page) => page.locator("summary").first().click(),
  ],
  ["stock-loans", "?data=normal#/stock?tab=ledger&view=loans"],
  [
    "stock-back",
    "?data=normal#/stock?tab=ledger&view=loans",
    async (page) => {
      await key("j", "Enter")(page);
      await rest(page, 400);
    },
  ],
  ["stock-reorder", "?data=crowded#/stock?tab=ledger&view=reorder"],
  ["stock-scrap", "?data=normal#/stock?tab=ledger&view=scrap"],
  ["stock-at", "?data=normal#/stock?tab=ledger&view=at"],
  ["stock-at-crowded", "?data=crowded#/stock?tab=ledger&view=at"],
  ["stock-usage", "?data=normal#/stock?tab=ledger&view=usage"],
  ["stock-usage-empty", "?data=empty&stock=new#/stock?tab=ledger&view=usage"],
  ["stock-usage-of", "?data=normal#/stock?tab=ledger&view=all&of=part/p0&since=2025-07-18&named=硬盘"],
  ["stock-ageing", "?data=normal#/stock?tab=ledger&view=ageing"],
  ["stock-ageing-empty", "?data=empty&stock=new#/stock?tab=ledger&view=ageing"],
  ["stock-places", "?data=normal#/stock?tab=places"],
  ["stock-labels", "?data=normal#/stock/labels?part=part/p0", (page) => rest(page, 500)],
  [
    "stock-labels-places",
    "?data=normal#/stock/labels?what=places",
    async (page) => {
      await page.locator("select").selectOption("r60");
      await rest(page, 500);
    },
  ],
  [
    "detail-parts",
    "?data=crowded#/orders?view=open&status=arrived",
    async (page) => {
      await openAt(2)(page);
      await page.locator("section[aria-label=备件]").scrollIntoViewIfNeeded();
    },
  ],
  [
    "detail-use",
    "?data=crowded#/orders?view=open&status=arrived",
    async (page) => {
      await openAt(2, "Shift+B")(page);
      await seen(page, "[id^=use-][id$=-part]:focus");
      await scan(page, SERIALS[0]);
      await rest(page, 200);
      await page.locator("[id^=use-][id$=-old]").first().fill("WD-9F31");
      await page.locator(".entry select").first().selectOption("scrapped");
      await page.keyboard.press("Control+Enter");
      await rest(page, 200);
    },
  ],
  [
    "detail-use-five",
    "?data=crowded#/orders?view=open&status=arrived",
    async (page) => {
      await openAt(2, "Shift+B")(page);
      await seen(page, "[id^=use-][id$=-part]:focus");
      await find(page, "yp");
      await find(page, "255v");
      await find(page, "WD-9F31");
      for (const words of ["gxtx", "dlq", "jpsb", "lw"]) {
        await find(page, words);
        await page.keyboard.press("Enter");
        await rest(page);
      }
      await page.keyboard.press("Control+Enter");
      await seen(page, ".toast.ok");
    },
  ],
];
