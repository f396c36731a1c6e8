import { createRouter, createWebHashHistory } from "vue-router";
import OrderPage from "@/features/order/OrderPage.vue";
import TodayPage from "@/features/today/TodayPage.vue";

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/", redirect: "/today" },
    { path: "/today", component: TodayPage, meta: { title: "今日" } },
    // An order's id is `order/…`: the slash belongs to it.
    { path: "/orders/:id(.*)?", component: OrderPage, meta: { title: "工单" } },
    {
      path: "/register",
      component: () => import("@/features/register/RegisterPage.vue"),
      meta: { title: "登记工单" },
    },
    {
      path: "/records",
      component: () => import("@/features/record/RecordPage.vue"),
      meta: { title: "工作记录" },
    },
    { path: "/roster", component: () => import("@/features/roster/RosterPage.vue"), meta: { title: "排班" } },
    {
      path: "/roster/print",
      component: () => import("@/features/roster/RosterPrintPage.vue"),
      meta: { title: "排班打印" },
    },
    {
      path: "/attendance",
      component: () => import("@/features/attendance/AttendancePage.vue"),
      meta: { title: "考勤" },
    },
    {
      path: "/attendance/overtime",
      component: () => import("@/features/overtime/OvertimePage.vue"),
      meta: { title: "加班" },
    },
    {
      path: "/attendance/checks",
      component: () => import("@/features/spotcheck/SpotPage.vue"),
      meta: { title: "抽查" },
    },
    {
      path: "/attendance/compare",
      component: () => import("@/features/attendance/ComparePage.vue"),
      meta: { title: "核对考勤" },
    },
    {
      path: "/attendance/proposals",
      component: () => import("@/features/attendance/ProposalPage.vue"),
      meta: { title: "考核建议" },
    },
    {
      path: "/knowledge",
      component: () => import("@/features/knowledge/KnowledgePage.vue"),
      meta: { title: "处理经验" },
    },
    {
      path: "/platform",
      component: () => import("@/features/platform/PlatformPage.vue"),
      meta: { title: "采购人平台" },
    },
    {
      path: "/sheets",
      component: () => import("@/features/sheet/SheetPage.vue"),
      meta: { title: "运维服务记录单" },
    },
    {
      path: "/roster/leave",
      component: () => import("@/features/leave/LeavePage.vue"),
      meta: { title: "请假" },
    },
    {
      path: "/roster/staff",
      component: () => import("@/features/staff/StaffPage.vue"),
      meta: { title: "人员" },
    },
    {
      path: "/handover",
      component: () => import("@/features/handover/HandoverPage.vue"),
      meta: { title: "交接" },
    },
    {
      path: "/coverage",
      component: () => import("@/features/coverage/CoveragePage.vue"),
      meta: { title: "保障" },
    },
    {
      path: "/wall",
      component: () => import("@/features/wall/WallPage.vue"),
      meta: { title: "值班大屏" },
    },
    // A part's id is `part/…` and a slip's `slip/…`: they stand in the query.
    { path: "/stock", component: () => import("@/features/stock/StockPage.vue"), meta: { title: "备件" } },
    {
      path: "/stock/labels",
      component: () => import("@/features/stock/LabelPage.vue"),
      meta: { title: "备件标签" },
    },
    // A device's id is `asset/…`: it stands in the query.
    { path: "/device", component: () => import("@/features/asset/AssetPage.vue"), meta: { title: "设备" } },
    {
      path: "/device/labels",
      component: () => import("@/features/asset/AssetLabelPage.vue"),
      meta: { title: "设备标签" },
    },
    { path: "/chart", component: () => import("@/features/chart/ChartPage.vue"), meta: { title: "统计" } },
    {
      path: "/contracts/:id?",
      component: () => import("@/features/contract/ContractPage.vue"),
      meta: { title: "合同与约定" },
    },
    { path: "/sync", component: () => import("@/features/sync/SyncPage.vue"), meta: { title: "同步与冲突" } },
    {
      path: "/settings",
      component: () => import("@/features/setting/SettingPage.vue"),
      meta: { title: "设置" },
    },
    { path: "/:rest(.*)*", redirect: "/today" },
  ],
});

router.afterEach((to) => {
  document.title = `${String(to.meta.title ?? "")} · 在岗`;
});
