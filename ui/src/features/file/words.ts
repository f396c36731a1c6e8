import type { Tone } from "@/features/clock/clockView";
import type { FileDto, FileRules } from "@/generated/door";

/** `320 KB`, `4.2 MB`: as the system's own file lists say it. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const STATES: Record<string, { text: string; tone: Tone; help: string }> = {
  waiting: { text: "待上传", tone: "wait", help: "已存在本机，连接中心端后自动上传" },
  uploading: { text: "上传中", tone: "wait", help: "中断后从断点继续" },
  uploaded: { text: "已上传", tone: "ok", help: "本机和中心端都有" },
  downloading: { text: "下载中", tone: "wait", help: "中断后从断点继续" },
  at_centre: { text: "在中心端", tone: "wait", help: "较大的附件不自动下载，需要时点“下载”" },
  absent: { text: "本机没有", tone: "soon", help: "添加它的电脑还没有上传完，上传后自动下载" },
  refused: { text: "未被采纳", tone: "late", help: "中心端没有采纳这条记录，附件只留在本机" },
  no_key: { text: "无权查看", tone: "soon", help: "请在工单所属部门的电脑上查看" },
  erased: { text: "已清除", tone: "wait", help: "已按规定清除，内容不再保留" },
};

/** Where a file's content is: words, tone and what to know about it. */
export function stateOf(file: Pick<FileDto, "state" | "percent">): {
  text: string;
  tone: Tone;
  help: string;
} {
  const state = STATES[file.state] ?? { text: file.state, tone: "wait" as Tone, help: "" };
  return file.percent === null ? state : { ...state, text: `${state.text} ${file.percent}%` };
}

/** The extension as the rules know it. */
export function extension(name: string): string {
  const word = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return { jpeg: "jpg", log: "txt" }[word] ?? word;
}

/** Why a file is not even handed over; null when it may be. The door judges again. */
export function refusalOf(file: { name: string; size: number }, rules: FileRules): string | null {
  if (file.size === 0) return `“${file.name}”是空文件。`;
  if (file.size > rules.bytes_max)
    return `“${file.name}”有 ${sizeText(file.size)}，超过单个附件 ${sizeText(rules.bytes_max)} 的上限，请压缩或拆分后再添加。`;
  if (!rules.types.includes(extension(file.name)))
    return `“${file.name}”不是可添加的类型（${rules.types.join("、")}），请另存为其中一种。`;
  return null;
}

/** What the file dialog offers. */
export function acceptOf(rules: FileRules): string {
  const also: Record<string, string[]> = { jpg: ["jpeg"], txt: ["log"] };
  return rules.types
    .flatMap((word) => [word, ...(also[word] ?? [])])
    .map((word) => `.${word}`)
    .join(",");
}

/** What a new file most likely is: a picture pasted is a screenshot, one chosen a photo. */
export function guessKind(name: string, pasted: boolean): string {
  const image = ["jpg", "png"].includes(extension(name));
  if (image) return pasted ? "screenshot" : "photo";
  return "document";
}

/** A pasted picture has no name of its own: all are called `image.png`. */
export function pastedName(name: string, at: string, n: number): string {
  return /^image\.\w+$/.test(name) ? `截图-${at}${n > 0 ? `-${n + 1}` : ""}.${extension(name)}` : name;
}
