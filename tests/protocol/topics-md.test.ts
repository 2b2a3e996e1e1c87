import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Partition } from '#aggregator/core/partition.ts';
import { restoredEmpty } from '#aggregator/core/restore/restore-partition.ts';
import type { RejectedRecord } from '#contracts/log/rejected-record.ts';
import { topics } from '#contracts/log/topics.ts';
import { decodeSystemRecord } from '#gateway/status/decode-system-record.ts';
import { topicConfig } from '#platform/log/kafka/topics/topic-config.ts';

const TEXT = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8');
const section = (from: string, to: string): string =>
  TEXT.slice(TEXT.indexOf(`\n${from}`), TEXT.indexOf(`\n${to}`));
const rows = (from: string, to: string): string[][] =>
  section(from, to)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(1, -1).split('|'))
    .map((cells) => cells.map((cell) => cell.trim()));
const quoted = (cell: string): string => /^`([^`]*)`/.exec(cell)?.[1] ?? '';

const NOW = Date.UTC(2026, 10, 23, 10);
const UNITS: Record<string, number> = { h: 3_600_000, GB: 1e9, MB: 1e6 };
/** Reads `24 h, 10 GB` as numbers; null for a part that is not given. */
function readKept(text: string): { retention: number | null; bytes: number | null } {
  const amount = (units: string): number | null => {
    const found = new RegExp(`(\\d+) (${units})`).exec(text);
    return found === null ? null : Number(found[1]) * UNITS[found[2]!]!;
  };
  return { retention: amount('h'), bytes: amount('GB|MB') };
}

/** A partition that has folded nothing. */
const freshPartition = (): Partition =>
  new Partition({ partition: 0, identity: 'log', replayUntil: 0, idKey: { k0: 1, k1: 2 } }, restoredEmpty());

describe('PROTOCOL.md on topics', () => {
  it('gives partitions and retention as they are', () => {
    const said = rows('## 3.', '### 3.1').map(([name, partitions, kept]) => ({
      name: quoted(name!),
      partitions: partitions === 'as set' ? 7 : Number(partitions),
      ...readKept(kept!),
    }));
    expect(said).toEqual(topics(7));
  });

  it('names settings of the topics that brokers are given', () => {
    const said = [...section('## 3.', '### 3.1').matchAll(/`([a-z]+[.a-z]+)=(\w+)`/g)];
    expect(said.length).toBeGreaterThan(3);
    for (const spec of topics(4)) {
      const config = topicConfig(spec, 2);
      for (const [, name, value] of said) expect([name, config[name!]]).toEqual([name, value]);
    }
  });

  it.each(
    rows('### 3.3', '### 3.4').map(([value, header, events, rejected]) => ({
      value: quoted(value!).replaceAll('\\n', '\n').trim(),
      header: quoted(header!),
      events: Number(events),
      rejected: (rejected ?? '').replaceAll('`', '').trim(),
    })),
  )('says what becomes of $value $header', ({ value, header, events, rejected }) => {
    const partition = freshPartition();
    const [name, text] = header.split(': ');
    const headers: Record<string, string> = text === undefined ? {} : { [name!]: text };
    const refused = partition.fold({ offset: 0, time: NOW, headers, value: Buffer.from(value) });
    expect(partition.counters.events).toBe(events);
    expect(refused.map(({ fault, index }) => `${fault.code} at ${index}`).join()).toBe(rejected);
    expect(partition.nextOffset).toBe(1);
  });

  it('says what headers that only Millrace writes would do', () => {
    const line = Buffer.from('{"event":"hit","country":"DE"}');
    const received = String(NOW);
    const block = { 'millrace-format': '1', 'millrace-received': received, 'millrace-block': 'b' };
    const partition = freshPartition();
    const fold = (offset: number, headers: Record<string, string>) =>
      partition.fold({ offset, time: NOW + 5, headers, value: line }).map(({ fault }) => fault.code);
    // With an id it is taken as checked, once; without, it is checked; of foreign ones no other header is read.
    expect(fold(0, block)).toEqual([]);
    expect(fold(1, block)).toEqual([]);
    expect(partition.counters).toMatchObject({ events: 1, repeatedBlocks: 1 });
    expect(partition.received).toBe(NOW);
    expect(fold(2, { 'millrace-format': '1', 'millrace-received': received })).toEqual(['unknown_field']);
    expect(fold(3, { 'millrace-kind': 'control', 'millrace-received': '1' })).toEqual(['unknown_field']);
    expect(partition.received).toBe(NOW + 5);
  });

  it('shows records of system and rejected as they are written', () => {
    const example = (kind: string): string =>
      new RegExp(`\`\`\`json ${kind}\n([\\s\\S]*?)\`\`\``).exec(TEXT)![1]!;
    expect(decodeSystemRecord(example('system'))).toMatchObject({ ok: true });
    const shown = JSON.parse(example('rejected')) as RejectedRecord;
    const { partition, offset, index } = shown.position!;
    const lines = [...Array.from({ length: index }, () => '{"event":"hit"}'), shown.body];
    const block = { offset, time: shown.time, headers: {}, value: Buffer.from(lines.join('\n')) };
    const [refused] = freshPartition().fold(block);
    const { fault, body } = refused!;
    const position = { partition, offset, index: refused!.index };
    expect({ time: shown.time, ...fault, body, position }).toEqual(shown);
  });
});
