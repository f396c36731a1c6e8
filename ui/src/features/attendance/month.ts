/** The month so many after another, as `2025-10`. */
export function monthAfter(month: string, by: number): string {
  const [year, number] = month.split("-").map(Number);
  const months = (year ?? 0) * 12 + (number ?? 1) - 1 + by;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, "0")}`;
}
