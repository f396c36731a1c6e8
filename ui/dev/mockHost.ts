export { openHost } from "@/platform/host";
