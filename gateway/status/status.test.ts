import { describe, expect, it } from 'vitest';
import type { SystemRecord } from '#contracts/log/system-record.ts';
import { SystemStatus } from './status.ts';

const NOW = 1_000_000;
const record = (more: Partial<SystemRecord>): SystemRecord => ({
  process: 'a',
  part: 'ingest',
  time: NOW,
  totals: {},
  gauges: {},
  ...more,
});

describe('the status of all processes', () => {
  it('is unknown while no process reports', () => {
    expect(new SystemStatus().read(NOW)).toEqual({
      ingestRate: null,
      rejectedRate: null,
      lateShare: null,
      viewers: 0,
    });
  });

  it('takes rates over the last records of each process, and sums them', () => {
    const status = new SystemStatus();
    for (const [process, slope] of [
      ['a', 100],
      ['b', 10],
    ] as const) {
      for (let s = 0; s < 10; s++) {
        const time = NOW + s * 1_000;
        status.add(record({ process, time, totals: { accepted: s * slope, rejected: s } }));
      }
    }
    expect(status.read(NOW + 9_000)).toMatchObject({ ingestRate: 110, rejectedRate: 2 });
    expect(status.accepted).toBe(990);
  });

  it('reports each warning once, while its process is alive', () => {
    const status = new SystemStatus();
    const warning = { code: 'disk_low', message: '91 % of the disk is used.', since: NOW };
    status.add(record({ process: 'a', warnings: [warning] }));
    status.add(record({ process: 'b', warnings: [{ ...warning, since: NOW + 1 }] }));
    expect(status.warnings(NOW)).toEqual([warning]);
    expect(status.warnings(NOW + 60_000)).toEqual([]);
    status.add(record({ process: 'a', time: NOW + 1_000, warnings: [] }));
    status.add(record({ process: 'b', time: NOW + 1_000, warnings: [] }));
    expect(status.warnings(NOW + 1_000)).toEqual([]);
  });

  it('does not count a restart as a fall, and forgets silent processes', () => {
    const status = new SystemStatus();
    status.add(record({ totals: { accepted: 500 } }));
    status.add(record({ process: 'next', time: NOW + 1_000, totals: { accepted: 3 } }));
    status.add(record({ process: 'next', time: NOW + 2_000, totals: { accepted: 5 } }));
    expect(status.accepted).toBe(2);
    expect(status.read(NOW + 11_000).ingestRate).toBe(2);
    expect(status.read(NOW + 60_000).ingestRate).toBeNull();
  });

  it('gives the share of late events, and counts viewers of every gateway', () => {
    const status = new SystemStatus();
    status.add(record({ part: 'aggregator', totals: { events: 200, late: 10 } }));
    for (const process of ['g1', 'g2'])
      status.add(record({ process, part: 'gateway', gauges: { viewers: 3 } }));
    expect(status.read(NOW)).toMatchObject({ lateShare: 0.05, viewers: 6 });
  });
});
