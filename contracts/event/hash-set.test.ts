import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from './event.ts';
import { scanEvent } from './event-scan.ts';
import { addHash, clearHashes, createHashSet } from './hash-set.ts';

/** Property names whose hashes an attacker finds to begin at one slot of the set of 512. */
function craftNames(count: number): string[] {
  const names: string[] = [];
  for (let i = 0; names.length < count; i++) {
    const name = `n${i.toString(36)}`;
    let hash = 0x811c9dc5 | 0;
    for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
    if (((hash ^ (hash >>> 15)) & 511) === 0) names.push(name);
  }
  return names;
}

test('colliding numbers are given up after a few steps, others never', () => {
  const set = createHashSet(256);
  const crowd = Array.from({ length: 256 }, (_, i) => i << 20).filter((v) => ((v ^ (v >>> 15)) & 511) === 0);
  const taken = crowd.filter((value) => addHash(set, value));
  expect(taken.length).toBeLessThanOrEqual(17);
  clearHashes(set);
  const spread = Array.from({ length: 256 }, (_, i) => i);
  expect(spread.every((value) => addHash(set, value))).toBe(true);
});

test('an event whose names collide in the set is read like any other, and a repeated name is still refused', () => {
  const names = craftNames(200);
  const scan = (list: readonly string[]) => {
    const text = `{"event":"e","properties":{${list.map((name) => `"${name}":1`).join(',')}}}`;
    const bytes = Buffer.from(text);
    return scanEvent(bytes, 0, bytes.length, DEFAULT_LIMITS);
  };
  expect(scan(names).ok).toBe(true);
  expect(scan([...names, names[150]!])).toMatchObject({ ok: false, fault: { code: 'duplicate_key' } });
});
