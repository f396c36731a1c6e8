import type { RoleDto } from "@/generated/door";

const EXPORTERS: RoleDto[] = ["engineer", "dispatcher", "supervisor", "administrator"];
const PRINTERS: RoleDto[] = ["engineer", "dispatcher", "supervisor"];

/** Whether a list may be offered for export; the door decides. */
export const mayExport = (roles: readonly RoleDto[]) => roles.some((role) => EXPORTERS.includes(role));

/** Whether records and sheets, which can name a reporter, may be offered; the door decides. */
export const mayPrint = (roles: readonly RoleDto[]) => roles.some((role) => PRINTERS.includes(role));
