/**
 * Places labels as near to their traces as a minimum distance allows: isotonic regression by pooling adjacent
 * violators (Barlow et al., 1972), then clamped into [top, bottom]. The order of the traces is kept.
 * Returns one position for each label, in input order, in whole pixels.
 */
export function spreadLabels(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  const blocks: { mean: number; ids: number[] }[] = [];
  for (const id of order) {
    let block = { mean: wanted[id]!, ids: [id] };
    for (let prev = blocks.at(-1); prev !== undefined && touches(prev, block, gap); prev = blocks.at(-1)) {
      blocks.pop();
      const n = prev.ids.length + block.ids.length;
      block = {
        mean: (prev.mean * prev.ids.length + block.mean * block.ids.length) / n,
        ids: [...prev.ids, ...block.ids],
      };
    }
    blocks.push(block);
  }
  const out = new Array<number>(wanted.length).fill(0);
  for (const { mean, ids } of blocks) {
    ids.forEach((id, k) => {
      out[id] = Math.round(mean + (k - (ids.length - 1) / 2) * gap);
    });
  }
  return clamp(out, order, gap, top, bottom);
}

const touches = (
  a: { mean: number; ids: number[] },
  b: { mean: number; ids: number[] },
  gap: number,
): boolean => b.mean - a.mean < ((a.ids.length + b.ids.length) / 2) * gap;

function clamp(out: number[], order: readonly number[], gap: number, top: number, bottom: number): number[] {
  let least = top;
  for (const id of order) {
    out[id] = Math.max(out[id]!, least);
    least = out[id]! + gap;
  }
  let most = bottom;
  for (const id of [...order].reverse()) {
    out[id] = Math.min(out[id]!, most);
    most = out[id]! - gap;
  }
  return out;
}
