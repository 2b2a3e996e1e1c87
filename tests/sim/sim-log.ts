import type { Block } from '#aggregator/core/decode/read-block.ts';
import { encodeBlockHeaders, HEADER } from '#contracts/log/block.ts';
import { type Control, encodeControl } from '#contracts/log/control.ts';
import type { SimEvent } from './ops.ts';

/** What a record of the simulated events topic was made from; the oracle reads this, the core reads the bytes. */
export type SimRecord =
  | { kind: 'events'; events: SimEvent[]; received: number; block: string | null; imported: boolean }
  | { kind: 'control'; control: Control };

export interface SimLog {
  records: SimRecord[];
  blocks: Block[];
  append(record: SimRecord): void;
}

export function createSimLog(): SimLog {
  const records: SimRecord[] = [];
  const blocks: Block[] = [];
  return {
    records,
    blocks,
    append(record) {
      const offset = records.length;
      records.push(record);
      blocks.push({ offset, ...encode(record) });
    },
  };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function encode(record: SimRecord): Omit<Block, 'offset'> {
  if (record.kind === 'control') {
    const headers = encodeBlockHeaders({ block: null, received: 0, count: null, kind: 'control' });
    return { time: 0, headers, value: bytes(encodeControl(record.control)) };
  }
  const { events, received, block, imported } = record;
  const foreign = imported ? { [HEADER.import]: '1' } : {};
  const headers =
    block === null
      ? foreign
      : encodeBlockHeaders({ block, received, count: events.length, kind: 'events', imported });
  const lines = events.map((e) =>
    JSON.stringify({
      event: 'e',
      timestamp: e.ts,
      ...(e.id === null ? {} : { id: e.id }),
      ...(e.key === null ? {} : { key: e.key }),
      properties: { g: e.group, n: e.n ?? 'text' },
    }),
  );
  return { time: received, headers, value: bytes(lines.join('\n')) };
}
