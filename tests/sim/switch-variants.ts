import type { Variant } from './variants.ts';

const HUB = 'gateway/core';
/** The client's own guard: contents are of one version. */
export const VERSION_OF_CONTENTS = {
  folder: 'contracts/view',
  file: 'frame.ts',
  from: ' || contents.version !== change.version',
  to: '',
};

/** Weakened aggregators, gateways and clients, for the world in which a metric changes. */
export const SWITCH_VARIANTS: readonly Variant[] = [
  {
    rule: 'serve: every partition has filled in',
    file: 'plan-serve.ts',
    from: 'partitions.every(',
    to: 'partitions.some(',
  },
  {
    rule: 'serve: a version that is only begun is not served',
    file: 'plan-serve.ts',
    from: ' && a.backfilled',
    to: '',
  },
  {
    rule: 'serve: only the newest version comes to be served',
    folder: 'contracts/log',
    file: 'definition-record.ts',
    from: 'current?.version !== version || current.served.version',
    to: 'current === undefined || current.served.version',
  },
  {
    rule: 'serve: until then the version of before is served',
    folder: 'contracts/log',
    file: 'definition-record.ts',
    from: 'served: keeps ? current.served : fold',
    to: 'served: fold',
  },
  {
    rule: 'versions: numbered by their records, never used twice',
    folder: 'contracts/log',
    file: 'definition-record.ts',
    from: 'version: version ?? offset',
    to: 'version: version ?? current?.offset ?? 1',
  },
  {
    rule: 'gateway: reads the rows of the version that it shows',
    folder: HUB,
    file: 'wanted-reads.ts',
    from: 'const { metric, version } = entry;',
    to: 'const { metric } = entry; const version = Math.min(1, entry.version);',
  },
  {
    rule: 'gateway: holds the states of versions apart',
    folder: HUB,
    file: 'metric-table.ts',
    from: '{version} $',
    to: '{version < 0} $',
  },
  {
    rule: 'gateway: a view is one of its version',
    folder: HUB,
    file: 'view/view-source.ts',
    from: '{version} $',
    to: '{version < 0} $',
  },
  {
    rule: 'switch: who is moved gets the whole contents, or the client asks again',
    folder: HUB,
    file: 'view-hub.ts',
    from: 'cursor >= view.floor! ? view.changesSince(cursor)',
    to: 'cursor >= 0 * view.floor! ? view.changesSince(cursor)',
    also: [VERSION_OF_CONTENTS],
  },
];
