/** Bars and squares of a code, as one SVG path. The library is loaded when the first label is drawn. */

/** A code as a path in units of its own; `modules` is its width in bars or squares, without the quiet zone. */
export interface Code {
  path: string;
  width: number;
  height: number;
  modules: number;
}

/** Units of a module: even, so that the middle of every bar is a whole number. */
const UNITS = 2;
const BAR_HEIGHT_MM = 10;

type Point = [number, number];

/** Gathers what the library draws. */
function pen() {
  const parts: string[] = [];
  let size = { width: 0, height: 0 };
  const polygon = (points: Point[]) => {
    parts.push(`M${points.map((point) => point.join(" ")).join("L")}Z`);
  };
  return {
    scale: (): Point => [UNITS, UNITS],
    measure: () => ({ width: 0, ascent: 0, descent: 0 }),
    init: (width: number, height: number) => {
      size = { width, height };
    },
    line: (x: number, top: number, _x: number, bottom: number, thick: number) => {
      const half = thick / 2;
      polygon([
        [x - half, top],
        [x + half, top],
        [x + half, bottom],
        [x - half, bottom],
      ]);
    },
    polygon,
    hexagon: () => {},
    ellipse: () => {},
    text: () => {},
    fill: () => {},
    end: (): Code => ({ path: parts.join(""), ...size, modules: size.width / UNITS }),
  };
}

/** A text as Code 128; throws for what that cannot hold. */
export async function code128(text: string): Promise<Code> {
  const { code128: draw } = await import("bwip-js/generic");
  return draw<Code>({ bcid: "code128", text, scale: 1, height: BAR_HEIGHT_MM }, pen());
}

/** A text as QR code with a quarter of it to spare for dirt (level Q where short, else M). */
export async function qrCode(text: string): Promise<Code> {
  const { qrcode: draw } = await import("bwip-js/generic");
  const options = { bcid: "qrcode", text, scale: 1, eclevel: text.length > 24 ? "M" : "Q" };
  return draw<Code>(options, pen());
}
