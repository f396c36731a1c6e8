import { computed, onScopeDispose, ref } from "vue";
import { base64Of } from "@/data/files";
import { newKey } from "@/data/idempotency";
import { now } from "@/data/now";
import type { FileRules } from "@/generated/door";
import { call, isDoorError } from "@/platform";
import { civil } from "@/text/time";
import { guessKind, pastedName, refusalOf } from "./words";

/** A file on its way into the composer. */
export interface Upload {
  upload: string;
  name: string;
  bytes: number;
  received: number;
  /** Handed over, looked into, encrypted. */
  ready: boolean;
  kind: string;
  isImage: boolean;
  findings: string[];
  error: string | null;
}

/** Files handed to the console one after the other, piece by piece. */
export function useUploads(orderId: () => string, rules: () => FileRules) {
  const uploads = ref<Upload[]>([]);
  /** What was not even handed over, in words. */
  const refusals = ref<string[]>([]);
  let turn = Promise.resolve();

  const find = (upload: string) => uploads.value.find((each) => each.upload === upload);
  const busy = computed(() => uploads.value.some((each) => !each.ready && !each.error));
  const usable = computed(() => uploads.value.filter((each) => each.ready));

  async function handOver(upload: string, file: File) {
    const order = orderId();
    const step = rules().piece_bytes;
    for (let from = 0; from < file.size && find(upload); from += step) {
      const piece = await base64Of(file.slice(from, from + step));
      const entry = find(upload);
      if (!entry) break;
      const staged = await call("file.stage", {
        order_id: order,
        upload,
        name: entry.name,
        bytes: file.size,
        from,
        piece,
      });
      entry.received = staged.received;
      entry.ready = staged.ready;
      entry.name = staged.name;
      entry.isImage = staged.is_image;
      entry.findings = staged.findings;
    }
    // Removed meanwhile: nothing of it may stay.
    if (!find(upload)) await call("file.discard", { upload });
  }

  function add(files: Iterable<File>, pasted = false) {
    refusals.value = [];
    const at = civil(now.value);
    const two = (value: number) => String(value).padStart(2, "0");
    const stamp = `${two(at.month)}${two(at.day)}-${two(at.hour)}${two(at.minute)}${two(at.second)}`;
    for (const file of files) {
      const name = pasted ? pastedName(file.name, stamp, uploads.value.length) : file.name;
      const refusal =
        uploads.value.length >= rules().files_max
          ? `一次最多添加 ${rules().files_max} 个附件，“${name}”没有加入。`
          : refusalOf({ name, size: file.size }, rules());
      if (refusal) {
        refusals.value.push(refusal);
        continue;
      }
      const upload = newKey();
      const kind = guessKind(name, pasted);
      uploads.value.push({
        upload,
        name,
        bytes: file.size,
        received: 0,
        ready: false,
        kind,
        isImage: false,
        findings: [],
        error: null,
      });
      turn = turn.then(() =>
        handOver(upload, file).catch((thrown) => {
          const entry = find(upload);
          if (entry) entry.error = isDoorError(thrown) ? thrown.message : "读取文件失败，请重新添加。";
        }),
      );
    }
  }

  function remove(upload: string) {
    const entry = find(upload);
    uploads.value = uploads.value.filter((each) => each.upload !== upload);
    if (entry?.received) void call("file.discard", { upload }).catch(() => undefined);
  }

  /** They belong to an order now. */
  function settle() {
    uploads.value = uploads.value.filter((each) => !each.ready);
    refusals.value = [];
  }

  onScopeDispose(() => {
    for (const each of uploads.value) remove(each.upload);
  });
  return { uploads, refusals, busy, usable, add, remove, settle };
}
