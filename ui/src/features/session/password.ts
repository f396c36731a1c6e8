const LENGTH_MIN = 10;
const KINDS_MIN = 3;

/** What a new password still lacks, or null. The centre judges again. */
export function passwordLack(password: string): string | null {
  if (password.length < LENGTH_MIN) return `至少 ${LENGTH_MIN} 位，还差 ${LENGTH_MIN - password.length} 位`;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  if (kinds < KINDS_MIN) return "须含大写字母、小写字母、数字、符号中的三类";
  return null;
}

/** `4:05` left until the next try. */
export function waitText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
