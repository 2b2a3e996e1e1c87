import { ASCII } from '#contracts/text/ascii.ts';
import { type LineLayout, type LinePlaces, layOutLine, MAX_SCALARS } from './line-layout.ts';
import { scanScalar } from './scan-scalar.ts';

const { LINE_FEED, OPEN_OBJECT } = ASCII;

/**
 * The layouts that lines had before, as a tree: at a node one of its literals must follow, then a scalar. Most lines
 * of a stream look like earlier ones, so comparing bytes finds the values at a fraction of what parsing costs.
 * What it finds is what `JSON.parse` would: a line that does not fit exactly is left to that.
 */
export interface LineShapes {
  /** Begins a block; false when it is too long. Its lines are found until the next call. */
  begin(block: Uint8Array, wanted: readonly string[]): boolean;
  /** Finds the scalars of the line [start, end); null when no known layout fits. */
  find(start: number, end: number): LinePlaces | null;
  /** Adds the layout of a line that was read as `raw`. */
  learn(line: string, raw: Readonly<Record<string, unknown>>): void;
  /** The bytes of the block. */
  readonly bytes: Uint8Array;
  /** Where the literals of the line found last begin, and its scalars begin and end, by number. */
  readonly literals: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

interface Edge {
  literal: Uint8Array;
  text: string;
  next: Node;
  /** Set where the line may end after the literal. */
  places: LinePlaces | null;
}

type Node = Edge[];

const MAX_BLOCK = 262_143;
/** Shapes of many kinds of events; beyond it the tree is rebuilt from empty. */
const MAX_EDGES = 4_096;
/** Bytes of all literals, whose length is up to the sender's names. */
const MAX_BYTES = 1_000_000;
/** Beyond it trying one after the other is no gain. */
const MAX_FORKS = 32;
/** Bounds the cost of lines that never repeat. */
const LEARNT_A_BLOCK = 16;

export function createLineShapes(): LineShapes {
  // One array for all blocks, with a line break behind them: reads beyond an array's end make all reads slow.
  const bytes = new Uint8Array(MAX_BLOCK + 1);
  const literals = new Int32Array(MAX_SCALARS + 1);
  const starts = new Int32Array(MAX_SCALARS);
  const ends = new Int32Array(MAX_SCALARS);
  let root: Node = [];
  let edges = 0;
  let held = 0;
  let learnt = 0;
  let known: readonly string[] = [];

  const restart = (wanted: readonly string[]): void => {
    root = [];
    edges = 0;
    held = 0;
    known = wanted;
  };
  return {
    bytes,
    literals,
    starts,
    ends,
    begin(block, wanted) {
      if (block.length > MAX_BLOCK) return false;
      if (wanted !== known || edges > MAX_EDGES || held > MAX_BYTES) restart(wanted);
      bytes.set(block);
      bytes[block.length] = LINE_FEED;
      learnt = 0;
      return true;
    },
    find(start, end) {
      let node = root;
      let at = start;
      for (let depth = 0; ; depth++) {
        const edge = follow(node, bytes, at, end);
        if (edge === null) return null;
        literals[depth] = at;
        at += edge.literal.length;
        if (at === end) return edge.places;
        starts[depth] = at;
        at = scanScalar(bytes, at);
        if (at < 0) return null;
        ends[depth] = at;
        node = edge.next;
      }
    },
    learn(line, raw) {
      if (learnt++ >= LEARNT_A_BLOCK) return;
      const layout = layOutLine(line, raw, known);
      if (layout === null) return;
      const added = addLayout(root, layout);
      edges += added.edges;
      held += added.bytes;
    },
  };
}

/** Returns the edge whose literal is at `at`, followed by a scalar or the end of the line. */
function follow(node: Node, bytes: Uint8Array, at: number, end: number): Edge | null {
  for (let i = 0; i < node.length; i++) {
    const edge = node[i]!;
    if (!fits(edge.literal, bytes, at)) continue;
    const after = at + edge.literal.length;
    if (after === end ? edge.places === null : bytes[after] === OPEN_OBJECT) continue;
    // Frequent edges move to the front.
    if (i > 0) {
      node[i] = node[i - 1]!;
      node[i - 1] = edge;
    }
    return edge;
  }
  return null;
}

function fits(literal: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < literal.length; i++) if (literal[i] !== bytes[at + i]) return false;
  return true;
}

/** Returns how many edges it took, and bytes of literals. */
function addLayout(root: Node, { literals, places }: LineLayout): { edges: number; bytes: number } {
  let node = root;
  const added = { edges: 0, bytes: 0 };
  for (const [i, text] of literals.entries()) {
    const last = i === literals.length - 1;
    let edge = node.find((known) => known.text === text);
    if (edge === undefined) {
      if (node.length >= MAX_FORKS) return added;
      edge = { literal: Uint8Array.from(text, (c) => c.charCodeAt(0)), text, next: [], places: null };
      node.push(edge);
      added.edges++;
      added.bytes += text.length;
    }
    if (last) edge.places = places;
    node = edge.next;
  }
  return added;
}
