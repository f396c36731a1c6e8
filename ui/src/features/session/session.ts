import { computed, shallowRef } from "vue";
import { noteNow } from "@/data/now";
import { markStale } from "@/data/reads";
import { forgetBulk } from "@/features/order/bulk";
import type { DoorError, RoleDto, SessionDto } from "@/generated/door";
import { type Args, call } from "@/platform";
import { loadPersonal } from "./personal";

/** The session at this console, as the door last told it. */
export const session = shallowRef<SessionDto | null>(null);
export const sessionError = shallowRef<DoorError | null>(null);

export const user = computed(() => session.value?.user ?? null);

const ROLE_NAMES: Record<RoleDto, string> = {
  engineer: "驻场工程师",
  dispatcher: "服务台",
  supervisor: "项目经理",
  store_keeper: "库管员",
  buyer_contact: "甲方联系人",
  overseer: "监理",
  administrator: "系统管理员",
};

export function roleName(role: RoleDto): string {
  return ROLE_NAMES[role] ?? role;
}

/** What the person kept here is there before his screens are: they begin from it. */
async function apply(next: SessionDto): Promise<SessionDto> {
  const user = next.user && !next.user.must_change_password ? next.user.id : null;
  if (next.stage === "open" || user === null) await loadPersonal(user);
  if (session.value?.user && next.user?.id !== session.value.user.id) forgetBulk();
  noteNow(next.now);
  session.value = next;
  sessionError.value = null;
  return next;
}

/** Asks the door how far the session is. */
export async function loadSession(): Promise<void> {
  try {
    await apply(await call("session.get", {}));
  } catch (thrown) {
    sessionError.value = thrown as DoorError;
  }
}

type SessionCommand =
  | "session.enrol"
  | "session.log_in"
  | "session.log_out"
  | "session.lock"
  | "session.unlock"
  | "session.change_password";

/** Runs a command that changes the session. Rejects with a `DoorError`. */
export async function changeSession<C extends SessionCommand>(
  command: C,
  args: Args<C>,
): Promise<SessionDto> {
  const next = await apply((await call(command, args)) as SessionDto);
  markStale(["*"]);
  return next;
}
