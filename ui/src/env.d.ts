declare module "element-plus/es/locale/lang/zh-cn" {
  import type { Language } from "element-plus/es/locale";

  const zhCn: Language;
  export default zhCn;
}
declare module "element-plus/es/components/*/style/css";
declare module "*.rs?raw" {
  const text: string;
  export default text;
}
declare module "*.tsv?raw" {
  const text: string;
  export default text;
}
