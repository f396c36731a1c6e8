/** Minutes as hours to half an hour, as the sheet counts overtime; empty for nothing. */
export function hoursText(minutes: number): string {
  const halves = Math.floor(minutes / 30);
  return halves === 0 ? "" : `${halves / 2}`;
}

/** `2 时 30 分`. */
export function spanText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours ? `${hours} 时` : "", rest ? `${rest} 分` : ""].filter(Boolean).join(" ") || "0 分";
}
