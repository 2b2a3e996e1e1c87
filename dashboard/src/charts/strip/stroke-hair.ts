/** Where the strokes of a line lie around it, in parts of its width: a pair, or a diamond that is as wide in all directions. */
const PAIR = [
  [-0.25, -0.25],
  [0.25, 0.25],
] as const;
const DIAMOND = [
  [-0.35, 0],
  [0.35, 0],
  [0, -0.35],
  [0, 0.35],
] as const;

/** In software raster a stroke of one device pixel costs a sixth of a wider one: several of them, a little apart, look like 1.5 CSS pixels. */
export function strokeHair(
  context: CanvasRenderingContext2D,
  path: Path2D,
  color: string,
  ratio: number,
  thin = false,
): void {
  const strokes = ratio > 1 ? DIAMOND : thin ? ([[0, 0]] as const) : PAIR;
  const apart = thin ? ratio / 2 : ratio;
  context.save();
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.lineJoin = 'bevel';
  for (const [x, y] of strokes) {
    context.translate(x * apart, y * apart);
    context.stroke(path);
    context.translate(-x * apart, -y * apart);
  }
  context.restore();
}
