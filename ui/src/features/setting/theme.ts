import { shallowRef } from "vue";

/** `light`, `dark` or `system`. */
export const themeChoice = shallowRef("system");
/** What is shown now. */
export const theme = shallowRef<"light" | "dark">("light");

const system = window.matchMedia("(prefers-color-scheme: dark)");

function show(): void {
  const dark = themeChoice.value === "dark" || (themeChoice.value === "system" && system.matches);
  theme.value = dark ? "dark" : "light";
  document.documentElement.dataset.theme = theme.value;
}

export function chooseTheme(choice: string): void {
  themeChoice.value = choice;
  show();
}

export function startTheme(): void {
  system.addEventListener?.("change", show);
  show();
}
