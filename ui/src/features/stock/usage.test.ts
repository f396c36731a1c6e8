import { expect, it } from "vitest";
import { usageLink, usageScope } from "./usage";

it("opens the movements behind a number", () => {
  const row = { id: "part/1", name: "硬盘 ST4000", unit: "块", quantity: 3 };
  const link = usageLink("part", row, "2025-08-17");
  expect(link.query).toMatchObject({ tab: "ledger", of: "part/1", since: "2025-08-17" });
  expect(usageScope(link.query)).toEqual({
    part: "part/1",
    object: null,
    from: "2025-08-17",
    named: "硬盘 ST4000",
  });
  const other = usageLink("object", { ...row, id: "-", name: "未关联维护对象" }, "2025-08-17");
  expect(usageScope(other.query)).toMatchObject({ part: null, object: "-" });
  expect(usageScope({ tab: "ledger" })).toBeNull();
});
