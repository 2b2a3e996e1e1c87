import { describe, expect, it } from 'vitest';
import { describeLog } from '../log.conformance.ts';
import { recordOf, SPECS } from '../log-harness.conformance.ts';
import { createMemoryLog } from './memory-log.ts';

describeLog('memory', async () => {
  const log = createMemoryLog();
  return { log, other: log, dispose: () => log.close() };
});

describe('createMemoryLog', () => {
  it('fails the appends that it is told to fail, and keeps nothing of them', async () => {
    const fault = new Error('injected');
    const log = createMemoryLog({ failAppend: (topic) => (topic === 'updates' ? fault : null) });
    await log.ensureTopics(SPECS);
    await expect(log.append('updates', 0, [recordOf('a')])).rejects.toBe(fault);
    await expect(log.append('events', 0, [recordOf('a')])).resolves.toEqual([0]);
    expect(await log.bounds('updates')).toEqual([{ partition: 0, start: 0, end: 0 }]);
    await log.close();
  });
});
