import { useRouter } from "vue-router";
import { useScanner } from "@/keys/useScanner";
import { call } from "@/platform";
import { toast } from "@/widgets/toasts";
import { scanTarget } from "./scanTarget";

/** A form half filled is not left for a scan: the code goes into its field. */
const isFree = (target: EventTarget | null) =>
  !(target instanceof Element && target.closest("form, .el-drawer, [role=dialog]"));

/** Opens whatever is scanned while no form asks for it: a model, a place, an order, a slip. */
export function useOpenScanned(): void {
  const router = useRouter();
  useScanner(async (code) => {
    try {
      const { hits, hint } = await call("stock.scan", { store: null, code });
      const target = scanTarget(hits);
      if (target) await router.push(target);
      else toast(`没有找到 ${code}`, { tone: "notice", ...(hint ? { detail: hint } : {}) });
    } catch (thrown) {
      toast((thrown as Error).message, { tone: "notice" });
    }
  }, isFree);
}
