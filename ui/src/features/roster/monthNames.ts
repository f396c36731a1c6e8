/** `2025年10月` of `2025-10`. */
export function monthName(month: string): string {
  const [year, number] = month.split("-");
  return `${year}年${Number(number)}月`;
}

/** `10月` of `2025-10`. */
export const shortMonthName = (month: string) => `${Number(month.slice(5))}月`;
