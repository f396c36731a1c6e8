import { describe, expect, it } from "vitest";
import { applied, holders } from "./cells";
import { coverageOf, missingIn, shiftsOf } from "./coverage";
import { keyOf, postOfKey, postsOfText } from "./letters";
import { peopleSheet } from "./peopleSheet";
import { peopleOfText, postsSheet } from "./postsSheet";
import { at } from "./selection";
import { cleared, copied, filledDown, pasted } from "./sheet";
import { DATES, testOverlay, testView } from "./testGround";
import { lanesOf, spansOf } from "./timeline";

const [FIRST, SECOND, THIRD] = DATES as [string, string, string];
const made = (view = testView()) => {
  const { ground, overlay } = testOverlay(view);
  return { ground, overlay, people: peopleSheet(ground, overlay), posts: postsSheet(ground, overlay) };
};

describe("letters", () => {
  const { posts } = testView();
  it.each([
    ["值", ["duty"], null],
    ["值备", ["duty", "standby"], null],
    ["值班主、备勤", ["duty", "standby"], null],
    ["", [], null],
    ["白", [], null],
    ["休", [], null],
    ["值夜", [], "值夜"],
  ])("reads %j", (text, ids, unknown) => {
    const read = postsOfText(text, posts);
    expect(read.posts.map((post) => post.id)).toEqual(ids);
    expect(read.unknown).toBe(unknown);
  });
  it("finds posts by the initial of their letter, by number, and goes on when pressed again", () => {
    const two = [posts[1], { ...posts[1], id: "deputy", name: "值班副" }] as typeof posts;
    expect(keyOf("备")).toBe("b");
    expect(postOfKey("z", two, null)?.id).toBe("duty");
    expect(postOfKey("z", two, "duty")?.id).toBe("deputy");
    expect(postOfKey("z", two, "deputy")?.id).toBe("duty");
    expect(postOfKey("2", two, null)?.id).toBe("deputy");
    expect(postOfKey("q", two, null)).toBeNull();
  });
});

describe("people × days", () => {
  it("shows cells before leave before the template, with their marks", () => {
    const { people } = made();
    const [first] = people.looks;
    expect(people.looks.map((row) => row.cells.map((cell) => cell.text).join("|"))).toEqual([
      "值|||白",
      "备||假|假",
      "备|||白",
    ]);
    expect(first?.cells[0]).toMatchObject({
      pin: true,
      comment: true,
      pending: true,
      faint: false,
      tone: "duty",
    });
    expect(first?.cells[1]).toMatchObject({ wish: "off" });
    expect(first?.cells[3]).toMatchObject({ faint: true, tone: "day" });
  });

  it("sets a post by a letter, instead of what is held or beside it", () => {
    const { people, overlay } = made();
    const instead = people.press(0, 0, "b", false);
    const after = applied(overlay.month, instead.changes);
    expect(holders(after.people, FIRST, "duty")).toEqual([]);
    expect(holders(after.people, FIRST, "standby")).toEqual(["a", "b", "c"]);
    const beside = applied(overlay.month, people.press(0, 0, "b", true).changes);
    expect(holders(beside.people, FIRST, "duty")).toEqual(["a"]);
  });

  it.each([
    ["a day without the post", testView(), 0, 3, "不设"],
    ["a person of another division", testView(), 2, 1, "不在您负责的部门"],
    ["a day that is past", testView({ frozen_before: SECOND, version: 1 }), 1, 0, "不能再改"],
    [
      "a month under review",
      testView({ may: { ...testView().may, edit: false, why_not: "待审核，不能修改。" } }),
      0,
      1,
      "待审核",
    ],
  ])("refuses %s with words", (_, view, row, col, words) => {
    const { people } = made(view);
    const refused = people.press(row, col, "z", false);
    expect(refused.changes).toEqual([]);
    expect(refused.mistake).toContain(words);
  });

  it("copies and pastes a table; one cell fills the selection; mistakes are told once", () => {
    const { people, overlay } = made();
    const range = { anchor: { row: 0, col: 0 }, head: { row: 1, col: 1 } };
    expect(copied(people, range)).toEqual([
      ["值", ""],
      ["备", ""],
    ]);
    const put = pasted(people, at(0, 1), [["带", "值"], ["备"], ["错"]]);
    const after = applied(overlay.month, put.changes);
    expect(holders(after.people, SECOND, "lead")).toEqual(["a"]);
    expect(holders(after.people, THIRD, "duty")).toEqual(["a"]);
    expect(holders(after.people, SECOND, "standby")).toEqual(["b"]);
    expect(put).toMatchObject({ mistakes: 1, first: "“错”不是本月的岗位。" });
    const all = pasted(people, { anchor: { row: 0, col: 1 }, head: { row: 1, col: 2 } }, [["备"]]);
    expect(all.changes).toHaveLength(4);
    expect(pasted(people, at(1, 2), [["假", "假"]]).changes).toEqual([]);
  });

  it("takes a letter for the post of that day", () => {
    const view = testView();
    const other = { ...view.posts[1], id: "weekday", name: "工作日值班", dates: [DATES[3] as string] };
    const posts = [...view.posts, other] as typeof view.posts;
    const { people } = made({ ...view, posts });
    expect(people.write(0, 3, "值").changes.map((change) => change.post)).toEqual(["weekday"]);
    expect(people.press(0, 3, "z", false).changes.map((change) => change.post)).toEqual(["weekday"]);
    expect(people.press(0, 1, "4", false).mistake).toContain("不设“工作日值班”");
  });

  it("fills down and clears; the template is not cleared", () => {
    const { people, overlay } = made();
    const down = filledDown(people, { anchor: { row: 0, col: 0 }, head: { row: 1, col: 0 } });
    expect(holders(applied(overlay.month, down.changes).people, FIRST, "duty")).toEqual(["a", "b"]);
    expect(filledDown(people, at(1, 0)).changes).toHaveLength(2);
    expect(filledDown(people, at(0, 0)).changes).toEqual([]);
    const gone = cleared(people, { anchor: { row: 0, col: 0 }, head: { row: 0, col: 3 } });
    expect(gone).toMatchObject({ mistakes: 0 });
    expect(gone.changes).toHaveLength(1);
  });

  it("draws only the rows that changed", () => {
    const { ground, overlay, people } = made();
    const month = applied(overlay.month, people.press(1, 1, "b", false).changes);
    const next = peopleSheet(ground, { ...overlay, month }, people.looks);
    expect(next.looks.map((row, at) => row === people.looks[at])).toEqual([true, false, true]);
    expect(next.looks[1]?.cells[1]).toMatchObject({ text: "备", edited: true });
  });

  it("marks proposals, rings and problems", () => {
    const { ground, overlay } = made();
    const proposed = applied(overlay.month, [
      { layer: "people", date: SECOND, post: "duty", added: ["b"], removed: [] },
    ]);
    const ringed = new Map([[`${FIRST}/duty`, { before: ["b"], after: ["a"] }]]);
    const problem = {
      rule: "rest",
      severity: "hard",
      date: FIRST,
      post: "duty",
      person: "a",
      text: "休息不足",
      source: "本项目约定",
      waived: null,
    };
    const sheet = peopleSheet(ground, { ...overlay, proposed, ringed, problems: [problem] });
    expect(sheet.looks[1]?.cells[1]).toMatchObject({ ghost: true, text: "值" });
    expect(sheet.looks[0]?.cells[0]).toMatchObject({ ring: true, problem: "hard" });
    expect(sheet.words(0, 0)).toContain("休息不足");
    const quiet = peopleSheet(ground, { ...overlay, problems: [{ ...problem, waived: "已协商" }] });
    expect(quiet.looks[0]?.cells[0]?.problem).toBeNull();
  });
});

describe("date × posts", () => {
  it("shows names and takes names, initials and lists", () => {
    const { posts, overlay, ground } = made();
    expect(posts.looks[0]?.cells.map((cell) => cell.text)).toEqual(["", "演示甲", "演示乙、演示丙"]);
    expect(posts.looks[3]?.cells[0]?.blank).toBe(true);
    const put = posts.write(1, 1, "ysy 演示甲");
    expect(holders(applied(overlay.month, put.changes).people, SECOND, "duty")).toEqual(["a", "b"]);
    expect(posts.write(1, 1, "演示丁").mistake).toBe("名单里没有“演示丁”。");
    expect(posts.write(3, 1, "演示甲").mistake).toContain("不设");
    expect(peopleOfText("", ground)).toEqual({ people: [], mistake: null });
    expect(posts.find({ date: FIRST, post: null, person: "b" })).toEqual({ row: 0, col: 2 });
  });
});

describe("a day", () => {
  it("counts what is covered, leave left out", () => {
    const { ground, overlay } = made();
    const days = coverageOf(ground, overlay.month);
    expect(days.map((day) => day.state)).toEqual(["empty", "empty", "empty", "none"]);
    expect(days[0]?.gaps).toEqual([{ post: "lead", missing: 1 }]);
    const away = applied(overlay.month, [
      { layer: "people", date: THIRD, post: "standby", added: ["a", "b"], removed: [] },
    ]);
    expect(coverageOf(ground, away)[2]?.gaps).toContainEqual({ post: "standby", missing: 1 });
    expect(missingIn(days[1] as (typeof days)[number])).toBe(4);
    expect([...shiftsOf(ground, overlay.month).values()]).toEqual([1, 0.5, 0.5]);
  });

  it("lies on lanes, with what the night before brought over midnight", () => {
    const { ground, overlay } = made();
    expect(spansOf("08:00-次日08:00")).toEqual([[480, 1920]]);
    expect(spansOf("09:00-12:00、14:00-18:00")).toEqual([
      [540, 720],
      [840, 1080],
    ]);
    expect(spansOf("20:00-08:00")).toEqual([[1200, 1920]]);
    expect(spansOf("按合同")).toEqual([]);
    const duty = lanesOf(ground, overlay.month, SECOND).find((lane) => lane.post.id === "duty");
    expect(duty?.bars).toEqual([
      { post: "duty", from: 0, to: 480, people: "演示甲", missing: 0, over: true },
      { post: "duty", from: 480, to: 1920, people: "", missing: 1, over: false },
    ]);
  });
});
