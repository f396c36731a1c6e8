/** Patterns of personal data that must not be typed into free text. A warning, never a refusal. */

export type Finding = "身份证号" | "手机号" | "车牌号";

// No look-behind: WebKit knows it only since 2023.
const ID_CARD =
  /(?:^|[^0-9])([1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx])(?![0-9])/g;
const PHONE = /(?:^|[^0-9])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![0-9])/;
const PLATE =
  /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][·•・ ]?(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF])(?![A-Za-z0-9])/;

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Checks the last digit of an 18-digit citizen number (GB 11643-1999). */
export function idCardChecks(text: string): boolean {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += Number(text[i]) * (WEIGHTS[i] ?? 0);
  return "10X98765432"[sum % 11] === text[17]?.toUpperCase();
}

/** What a text seems to contain. */
export function findSensitive(text: string): Finding[] {
  const found: Finding[] = [];
  if ((text.match(ID_CARD) ?? []).some((hit) => idCardChecks(hit.slice(-18)))) found.push("身份证号");
  if (PHONE.test(text)) found.push("手机号");
  if (PLATE.test(text)) found.push("车牌号");
  return found;
}
