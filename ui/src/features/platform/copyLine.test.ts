import { beforeEach, expect, it, vi } from "vitest";
import { toasts } from "@/widgets/toasts";
import { copyLine } from "./copyLine";

const { call, copyText } = vi.hoisted(() => ({ call: vi.fn(), copyText: vi.fn() }));
vi.mock("@/platform", () => ({ call }));
vi.mock("@/data/files", () => ({ copyText }));

beforeEach(() => {
  vi.useFakeTimers();
  toasts.value = [];
});

it("puts the door's line on the clipboard as it is: fields in the agreed order, tabs between", async () => {
  const line = "E-1\t打不开\t\t2级";
  call.mockResolvedValue({
    platform: "智能运维平台",
    fields: ["工单编号", "标题", "运维对象", "级别"],
    line,
  });
  copyText.mockResolvedValue(true);
  await copyLine("order/1");
  expect(call).toHaveBeenCalledWith("platform.line", { id: "order/1" });
  expect(copyText).toHaveBeenCalledWith(line);
  expect(toasts.value[0]).toMatchObject({
    tone: "ok",
    text: "已按智能运维平台的字段次序复制，共 4 项",
    detail: "工单编号、标题、运维对象、级别",
  });
});

it("says so where the host keeps the clipboard, or the door refuses", async () => {
  copyText.mockResolvedValue(false);
  await copyLine("order/1");
  call.mockRejectedValue({ code: "not_found", message: "本机没有这张工单。" });
  await copyLine("order/2");
  expect(toasts.value.map((each) => [each.tone, each.text])).toEqual([
    ["notice", "本机不允许写剪贴板，请用导出 XLSX。"],
    ["notice", "本机没有这张工单。"],
  ]);
});
