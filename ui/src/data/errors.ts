import type { DoorCode, DoorError } from "@/generated/door";

/** How an error is shown: a notice is no failure, an action leads somewhere. */
export interface ErrorLook {
  tone: "notice" | "failure";
  title: string;
  next: string;
}

const LOOKS: Record<DoorCode, ErrorLook> = {
  bad_input: { tone: "notice", title: "填写有误", next: "请改正标出的内容后再试。" },
  log_in_needed: { tone: "notice", title: "登录已失效", next: "请重新登录。" },
  locked: { tone: "notice", title: "屏幕已锁定", next: "请输入密码解锁。" },
  not_allowed: { tone: "notice", title: "没有权限", next: "如确有需要，请联系项目经理或系统管理员。" },
  not_now: { tone: "notice", title: "现在不能这样做", next: "工单状态可能已变化，请看最新时间线。" },
  not_found: { tone: "notice", title: "本机没有这条记录", next: "可能尚未同步到本机，请稍后或立即同步。" },
  centre_needed: { tone: "notice", title: "需要连接中心端", next: "请恢复与中心端的连接后再试。" },
  wrong_password: { tone: "notice", title: "用户名或密码不对", next: "请核对后重新输入。" },
  too_many_failures: { tone: "notice", title: "尝试次数过多", next: "请等待倒计时结束。" },
  not_enrolled: { tone: "notice", title: "本机尚未登记", next: "请先用登记码加入中心端。" },
  log_stopped: { tone: "failure", title: "日志已停用", next: "请到“同步”页查看原因，并联系中心端管理员。" },
  internal: {
    tone: "failure",
    title: "程序内部出错",
    next: "请重试；仍不行时把代码告知管理员，详情在日志文件中。",
  },
};

/** The one table that says how each code is shown. */
export function errorLook(error: Pick<DoorError, "code">): ErrorLook {
  return LOOKS[error.code] ?? LOOKS.internal;
}
