import { describe, expect, it } from "vitest";
import { acceptOf, guessKind, pastedName, refusalOf, sizeText, stateOf } from "./words";

const rules = {
  types: ["jpg", "png", "pdf", "txt"],
  bytes_max: 50 * 1024 * 1024,
  files_max: 20,
  piece_bytes: 524_288,
  kinds: [],
};

describe("files in words", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [327_680, "320 KB"],
    [4_404_019, "4.2 MB"],
    [52_428_800, "50.0 MB"],
  ])("%d bytes", (bytes, text) => expect(sizeText(bytes)).toBe(text));

  it("tells where the content is and how far", () => {
    expect(stateOf({ state: "uploading", percent: 40 }).text).toBe("上传中 40%");
    expect(stateOf({ state: "absent", percent: null })).toMatchObject({ text: "本机没有", tone: "soon" });
    expect(stateOf({ state: "from_2031", percent: null }).text).toBe("from_2031");
  });

  it.each([
    ["机房.JPEG", 10, null],
    ["日志.log", 10, null],
    ["页面.svg", 10, "不是可添加的类型"],
    ["页面.html", 10, "不是可添加的类型"],
    ["无扩展名", 10, "不是可添加的类型"],
    ["大.pdf", 52_428_801, "超过单个附件 50.0 MB 的上限"],
    ["空.pdf", 0, "空文件"],
  ])("takes or refuses %s", (name, size, why) => {
    const refusal = refusalOf({ name, size }, rules);
    if (why === null) expect(refusal).toBeNull();
    else expect(refusal).toContain(why);
  });

  it("offers what the rules take and names what has no name", () => {
    expect(acceptOf(rules)).toBe(".jpg,.jpeg,.png,.pdf,.txt,.log");
    expect(guessKind("a.png", true)).toBe("screenshot");
    expect(guessKind("a.jpg", false)).toBe("photo");
    expect(guessKind("a.pdf", true)).toBe("document");
    expect(pastedName("image.png", "1124-1420", 0)).toBe("截图-1124-1420.png");
    expect(pastedName("image.png", "1124-1420", 1)).toBe("截图-1124-1420-2.png");
    expect(pastedName("机柜.png", "1124-1420", 0)).toBe("机柜.png");
  });
});
