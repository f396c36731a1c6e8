import { describe, expect, it } from "vitest";
import cases from "../../../crates/domain/tests/sensitive.tsv?raw";
import { findSensitive, idCardChecks } from "./sensitive";

describe("findSensitive", () => {
  const rows = cases
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split("\t"));
  // The same table is the console's.
  it.each(rows)("%s", (text, expected) => expect(findSensitive(text ?? "").join(" ")).toBe(expected));

  it("knows the check digit", () => {
    expect(idCardChecks("11010519491231002X")).toBe(true);
    expect(idCardChecks("110105194912310021")).toBe(false);
  });
});
