import { copyText } from "@/data/files";
import type { DoorError } from "@/generated/door";
import { call } from "@/platform";
import { toast } from "@/widgets/toasts";

/** Said where the host keeps the clipboard from pages. */
export const NO_CLIPBOARD = "本机不允许写剪贴板，请用导出 XLSX。";

/** Copies one record in the field order of the buyer's platform. */
export async function copyLine(id: string): Promise<void> {
  try {
    const line = await call("platform.line", { id });
    const done = await copyText(line.line);
    if (done)
      toast(`已按${line.platform}的字段次序复制，共 ${line.fields.length} 项`, {
        detail: line.fields.join("、"),
      });
    else toast(NO_CLIPBOARD, { tone: "notice" });
  } catch (thrown) {
    toast((thrown as DoorError).message, { tone: "notice" });
  }
}
