import type { ReminderDto } from "@/generated/door";
import { router } from "@/router";
import { toast } from "@/widgets/toasts";

/** Shows pushed reminders in the corner; the shell shows the desktop's own notices. */
export function showReminders(reminders: ReminderDto[]): void {
  for (const reminder of reminders) {
    toast(reminder.title, {
      tone: reminder.kind === "broken" ? "late" : "notice",
      detail: reminder.body,
      act: { label: "打开", run: () => void router.push(`/orders/${reminder.order_id}`) },
    });
  }
}
