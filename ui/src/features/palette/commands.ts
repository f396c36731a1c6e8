import type { Matchable } from "@/text/match";

/** A command of the palette. `initials` are the pinyin initials of its text. */
export interface PaletteCommand extends Matchable {
  id: string;
  hint?: string;
}

/** Commands that need nothing but a place to go. */
export const PLACES: (PaletteCommand & { to: string })[] = [
  { id: "today", text: "今日", initials: "jr", hint: "1", to: "/today" },
  { id: "orders", text: "工单", initials: "gd", hint: "2", to: "/orders" },
  { id: "register", text: "登记工单", initials: "djgd", hint: "Shift N", to: "/register" },
  { id: "attendance", text: "考勤", initials: "kq", hint: "", to: "/attendance" },
  { id: "overtime", text: "加班与公出", initials: "jbygc", to: "/attendance/overtime" },
  { id: "checks", text: "抽查记录", initials: "ccjl", to: "/attendance/checks" },
  { id: "compare", text: "核对采购人的考勤表", initials: "hdcgrdkqb", to: "/attendance/compare" },
  { id: "proposals", text: "考勤考核建议", initials: "kqkhjy", to: "/attendance/proposals" },
  { id: "records", text: "工作记录", initials: "gzjl", hint: "Shift R", to: "/records" },
  { id: "handover", text: "交接班", initials: "jjb", hint: "Shift H", to: "/handover" },
  { id: "hotline", text: "值班电话记录", initials: "zbdhjl", to: "/handover?tab=hotline" },
  { id: "duty-log", text: "值班日志与日报", initials: "zbrzyrb", to: "/handover?tab=log" },
  { id: "coverage", text: "节假日保障：方案", initials: "jjrbzfa", hint: "Shift C", to: "/coverage" },
  { id: "coverage-ledger", text: "节假日保障：台账", initials: "jjrbztz", to: "/coverage?tab=ledger" },
  {
    id: "coverage-calendar",
    text: "放假日历：导入与发布",
    initials: "fjrldryfb",
    to: "/coverage?tab=calendar",
  },
  { id: "wall", text: "值班大屏", initials: "zbdp", to: "/wall" },
  { id: "mine", text: "工单：我的", initials: "gdwd", to: "/orders?view=mine" },
  { id: "due", text: "工单：即将超时", initials: "gdjjcs", to: "/orders?view=due_soon" },
  { id: "broken", text: "工单：已超时", initials: "gdycs", to: "/orders?view=broken" },
  { id: "unassigned", text: "工单：未派到人", initials: "gdwpdr", to: "/orders?view=unassigned" },
  { id: "confirm", text: "工单：待确认", initials: "gddqr", to: "/orders?view=to_confirm" },
  { id: "waiting", text: "工单：待我处理", initials: "gddwcl", to: "/orders?view=waiting" },
  { id: "report-due", text: "工单：待交故障报告", initials: "gddjgzbg", to: "/orders?view=report_due" },
  { id: "roster", text: "排班", initials: "pb", to: "/roster" },
  { id: "roster-mine", text: "排班：我的", initials: "pbwd", to: "/roster?tab=mine" },
  { id: "roster-swaps", text: "排班：换班", initials: "pbhb", to: "/roster?tab=swaps" },
  { id: "knowledge", text: "处理经验", initials: "cljy", to: "/knowledge" },
  { id: "platform", text: "采购人平台：待录入", initials: "cgrptdlr", to: "/platform" },
  { id: "platform-import", text: "采购人平台：导入派单", initials: "cgrptdrpd", to: "/platform?tab=import" },
  { id: "sheets", text: "打印待确认的服务记录单", initials: "dydqrdfwjld", to: "/sheets?view=to_confirm" },
  { id: "leave", text: "请假", initials: "qj", to: "/roster/leave" },
  { id: "staff", text: "人员与证件材料", initials: "ryyzjcl", to: "/roster/staff" },
  { id: "stock", text: "备件", initials: "bj", hint: "7", to: "/stock" },
  { id: "stock-below", text: "备件：低于最低", initials: "bjdyzd", to: "/stock?view=below_minimum" },
  { id: "stock-slips", text: "备件：领用", initials: "bjly", to: "/stock?tab=slips" },
  { id: "stock-takes", text: "备件：盘点", initials: "bjpd", to: "/stock?tab=takes" },
  { id: "stock-ledger", text: "备件：流水", initials: "bjls", to: "/stock?tab=ledger" },
  {
    id: "stock-gaps",
    text: "备件：账实不符",
    initials: "bjzsbf",
    to: "/stock?tab=ledger&view=discrepancies",
  },
  { id: "stock-loans", text: "备件：借出未还", initials: "bjjcwh", to: "/stock?tab=ledger&view=loans" },
  { id: "stock-usage", text: "备件：用量", initials: "bjyl", to: "/stock?tab=ledger&view=usage" },
  { id: "stock-ageing", text: "备件：库龄", initials: "bjkl", to: "/stock?tab=ledger&view=ageing" },
  { id: "stock-labels", text: "打印备件标签", initials: "dybjbq", to: "/stock/labels" },
  { id: "device", text: "设备", initials: "sb", hint: "8", to: "/device" },
  { id: "device-soon", text: "设备：即将过保", initials: "sbjjgb", to: "/device?view=soon" },
  { id: "device-expired", text: "设备：已过保", initials: "sbygb", to: "/device?view=expired" },
  { id: "device-repair", text: "设备：维修中", initials: "sbwxz", to: "/device?view=in_repair" },
  { id: "device-board", text: "设备：到期看板", initials: "sbdqkb", to: "/device?tab=board" },
  { id: "chart", text: "统计", initials: "tj", hint: "3", to: "/chart" },
  { id: "contracts", text: "合同", initials: "ht", hint: "4", to: "/contracts" },
  { id: "contract-rules", text: "合同：时限规则", initials: "htsxgz", to: "/contracts?tab=rules" },
  { id: "contract-objects", text: "合同：对象", initials: "htdx", to: "/contracts?tab=objects" },
  { id: "contract-rows", text: "合同：原文检索", initials: "htywjs", to: "/contracts?tab=rows" },
  { id: "contract-open", text: "合同：待甲方提供", initials: "htdjftg", to: "/contracts?tab=open" },
  { id: "contract-agreed", text: "合同：本项目约定", initials: "htbxmyd", to: "/contracts?tab=agreed" },
  { id: "sync", text: "同步与冲突", initials: "tbyct", hint: "5", to: "/sync" },
  { id: "settings", text: "设置", initials: "sz", hint: "6", to: "/settings" },
  { id: "password", text: "更改密码", initials: "ggmm", to: "/settings#password" },
];

/** Commands that do something. */
export const ACTS: PaletteCommand[] = [
  { id: "sync-now", text: "立即同步", initials: "ljtb" },
  { id: "lock", text: "锁定屏幕", initials: "sdpm" },
  { id: "theme-light", text: "外观：浅色", initials: "wgqs" },
  { id: "theme-dark", text: "外观：深色", initials: "wgss" },
  { id: "theme-system", text: "外观：跟随系统", initials: "wggsxt" },
  { id: "help", text: "快捷键", initials: "kjj", hint: "?" },
  { id: "log-out", text: "退出登录", initials: "tcdl" },
];
