import { expect, it } from "vitest";
import type { SyncStatus } from "@/generated/door";
import { linkView } from "./linkView";

const now = Date.parse("2025-11-24T14:20:00+08:00");
const status = (more: Partial<SyncStatus>): SyncStatus => ({
  state: "synced",
  last_synced_at: "2025-11-24T14:19:48+08:00",
  age_seconds: 0,
  stale_after_seconds: 3600,
  waiting: 0,
  conflicts: 0,
  next_try_at: null,
  trouble: null,
  files: { up: 0, up_kib: 0, down: 0, down_kib: 0 },
  logs: [],
  ...more,
});

it("says how old the data is", () => {
  expect(linkView(status({}), now)).toMatchObject({
    label: "已同步",
    age: "12秒前",
    tone: "ok",
    stale: false,
  });
});

it("turns amber offline and stays honest when stale", () => {
  expect(linkView(status({ state: "offline" }), now)).toMatchObject({ tone: "soon", shape: "hollow" });
  expect(linkView(status({ stale_after_seconds: 10 }), now)).toMatchObject({ tone: "soon", stale: true });
  expect(linkView(status({ last_synced_at: null, age_seconds: null }), now).age).toBe("从未同步");
});
