import { expect, it } from "vitest";
import type { OrderRow } from "@/generated/door";
import { besideQueue } from "./beside";

const row = (id: string, ...waits: string[]) => ({ id, waits }) as OrderRow;
const today = (waiting: OrderRow[], mine: OrderRow[]) => ({
  waiting,
  mine,
  counts: { waiting: waiting.length },
});
const ids = (rows: OrderRow[]) => rows.map((each) => each.id);

it("leaves out what the queue beside it shows already", () => {
  const mine = [row("a", "被催办"), row("b")];
  const beside = besideQueue(today([row("a", "被催办"), row("c", "请您协办")], mine), 10);
  expect(ids(beside.rows)).toEqual(["c"]);
  expect(beside).toMatchObject({ total: 1, marked: 1 });
});

it("keeps what the queue has out of sight", () => {
  const mine = [row("a"), row("b", "待接单"), row("c", "待接单")];
  const beside = besideQueue(today([row("b", "待接单"), row("c", "待接单")], mine), 2);
  expect(ids(beside.rows)).toEqual(["c"]);
  expect(beside).toMatchObject({ total: 1, marked: 1 });
});

it("is empty before the read and when nothing is asked", () => {
  expect(besideQueue(null, 10)).toEqual({ rows: [], total: 0, marked: 0 });
  expect(besideQueue(today([], [row("a")]), 10).rows).toEqual([]);
});
