import { expect, it } from "vitest";
import type { StoreDto } from "@/generated/door";
import { divisionFits } from "./orderStore";
import { scanTarget } from "./scanTarget";

const hit = (kind: string, id: string) => ({ kind, id, title: "", serial: "", place: null });

it("leads to what was scanned", () => {
  expect(scanTarget([])).toBeNull();
  expect(scanTarget([{ kind: "asset", id: "asset/1", title: "", serial: "SN", place: null }])).toEqual({
    path: "/device",
    query: { view: "all", id: "asset/1" },
  });
  expect(scanTarget([hit("serial", "part/1"), hit("order", "order/2")])).toMatchObject({
    query: { part: "part/1" },
  });
  expect(scanTarget([hit("order", "order/2")])?.path).toBe("/orders/order/2");
  expect(scanTarget([hit("slip", "slip/3")])?.query).toMatchObject({ tab: "slips", slip: "slip/3" });
  expect(scanTarget([hit("place", "place/4")])?.query).toEqual({ place: "place/4" });
});

it("finds the store that serves a division", () => {
  const store = (id: string, divisions: string[]) => ({ id, divisions }) as StoreDto;
  const stores = [store("all", []), store("e", ["E总队"])];
  expect(divisionFits(stores, "E总队")?.id).toBe("e");
  expect(divisionFits(stores, "A总队")?.id).toBe("all");
  expect(divisionFits([store("e", ["E总队"])], "A总队")).toBeNull();
});
