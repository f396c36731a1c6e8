/** A parameter of the address as text; null where it is missing, empty or given several times. */
export function addressText(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
