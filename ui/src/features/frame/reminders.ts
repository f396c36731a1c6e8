import type { ReminderDto } from "@/generated/door";
import { router } from "@/router";
import { toast } from "@/widgets/toasts";

/** More than this at once, as after a weekend, become one notice that leads to the list. */
const ONE_BY_ONE_MAX = 2;

/** Shows pushed reminders in the corner; the shell shows the desktop's own notices. */
export function showReminders(reminders: ReminderDto[]): void {
  if (reminders.length > ONE_BY_ONE_MAX) {
    showTogether(reminders);
    return;
  }
  for (const reminder of reminders) {
    toast(reminder.title, {
      tone: reminder.kind === "broken" ? "late" : "notice",
      detail: reminder.body,
      act: { label: "打开", run: () => void router.push(`/orders/${reminder.order_id}`) },
    });
  }
}

function showTogether(reminders: ReminderDto[]): void {
  const of = (kind: ReminderDto["kind"]) => reminders.filter((one) => one.kind === kind).length;
  const parts = [
    [of("broken"), "个时限已超时"],
    [of("soon"), "个时限即将超时"],
    [of("new_order"), "张新派工单"],
  ] as const;
  const text = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  toast(`${text.join("，")}。`, {
    tone: of("broken") > 0 ? "late" : "notice",
    detail: reminders[0]?.title,
    act: { label: "查看", run: () => void router.push("/orders?view=mine") },
  });
}
