// A status by colour and shape, as on the rest of the site: an open ring, a half-filled one, a filled square
// with a tick or with a dash. Drawn here, so that no picture has to be fetched.
import type { Shape } from "./facts";

const SIZE = 56;
/** Twice as large as shown, for fine screens. */
export const PIXEL_RATIO = 2;

export function mark(shape: Shape): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const pen = penOf(canvas);
  pen.translate(SIZE / 2, SIZE / 2);
  pen.fillStyle = colour("paper");
  round(pen, 26);
  pen.fill();
  pen.fillStyle = pen.strokeStyle = colour(shape);
  pen.lineWidth = 7;
  if (shape === "after" || shape === "unrepaired") {
    pen.beginPath();
    pen.roundRect(-20, -20, 40, 40, 9);
    pen.fill();
    pen.strokeStyle = colour("paper");
    pen.lineWidth = 6;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    if (shape === "after") {
      pen.moveTo(-10, 1);
      pen.lineTo(-3, 8);
      pen.lineTo(11, -8);
    } else {
      pen.moveTo(-10, 0);
      pen.lineTo(10, 0);
    }
    pen.stroke();
  } else {
    round(pen, 18);
    pen.stroke();
    if (shape === "during") {
      pen.beginPath();
      pen.arc(0, 0, 18, -Math.PI / 2, Math.PI / 2);
      pen.fill();
    }
  }
  return pen.getImageData(0, 0, SIZE, SIZE);
}

/** Of the style sheet, where it is said once; as red, green and blue, since the map reads no newer notation. */
export function colour(name: string): string {
  const pen = penOf(document.createElement("canvas"), { willReadFrequently: true });
  pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

function penOf(canvas: HTMLCanvasElement, settings?: CanvasRenderingContext2DSettings): CanvasRenderingContext2D {
  const pen = canvas.getContext("2d", settings);
  if (!pen) throw new Error("this browser draws nothing");
  return pen;
}

function round(pen: CanvasRenderingContext2D, radius: number): void {
  pen.beginPath();
  pen.arc(0, 0, radius, 0, 2 * Math.PI);
}
