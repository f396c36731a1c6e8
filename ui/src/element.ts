/**
 * The Element Plus components this program uses, each with its own styles. Taken one by one: the
 * library's index also loads dayjs, which cannot start where the shell freezes Object.prototype.
 */
import "element-plus/es/components/config-provider/style/css";
import "element-plus/es/components/drawer/style/css";
import "element-plus/es/components/input/style/css";
import "element-plus/es/components/input-number/style/css";
import "element-plus/es/components/option/style/css";
import "element-plus/es/components/select/style/css";
import "element-plus/es/components/switch/style/css";

export { ElConfigProvider } from "element-plus/es/components/config-provider/index.mjs";
export { ElDrawer } from "element-plus/es/components/drawer/index.mjs";
export { ElInput } from "element-plus/es/components/input/index.mjs";
export { ElInputNumber } from "element-plus/es/components/input-number/index.mjs";
export { ElOption, ElSelect } from "element-plus/es/components/select/index.mjs";
export { ElSwitch } from "element-plus/es/components/switch/index.mjs";
