//! Desktop notifications. They carry a title and a clock, never a reporter's name or phone.

use notify_rust::Notification;
use zaigang_console::door::dto::ReminderDto;

/// Shows a reminder from a thread of its own: a notification service that hangs must not hold up
/// the window.
pub(crate) fn show(reminder: &ReminderDto) {
    let mut notification = written(&reminder.title, &reminder.body);
    #[cfg(target_os = "linux")]
    if reminder.kind == "broken" {
        notification.urgency(notify_rust::Urgency::Critical);
    }
    std::thread::spawn(move || send(&notification));
}

/// Shows a notice and waits until the system has it: for a program about to end.
pub(crate) fn show_and_wait(title: &str, body: &str) {
    send(&written(title, body));
}

fn written(title: &str, body: &str) -> Notification {
    let mut notification = Notification::new();
    notification.appname("在岗").summary(title).body(body);
    notification
}

fn send(notification: &Notification) {
    if let Err(error) = notification.show() {
        tracing::warn!(%error, "the system shows no notifications");
    }
}
