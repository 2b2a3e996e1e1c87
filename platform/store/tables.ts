import { MillraceError, shown } from '#contracts/errors.ts';

export interface TableOptions {
  /** Database that holds the tables. */
  database: string;
  /** Name of the cluster in the server's configuration whose replicas all hold them; empty for a single server. */
  cluster: string;
}

/** Where the tables of a Store are, and of which engines. */
export interface Tables {
  database: string;
  schema: string;
  panes: string;
  /** Coarser copies of the panes. */
  panesMinute: string;
  panesHour: string;
  /** Up to when each of them is complete. */
  rollUps: string;
  /** The events. */
  archive: string;
  /** The events that were stored before the archive had its shape of now; nothing writes here any more. */
  events: string;
  commits: string;
  /** When each key was last used. */
  keyUses: string;
  /** What DDL carries to reach all replicas. */
  onCluster: string;
  /** An engine of the MergeTree family, replicated where there is a cluster. */
  engine(family: 'MergeTree' | 'ReplacingMergeTree', version?: string): string;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;

/** Refuses names that would need quoting (`invalid_settings`), since they become part of SQL text. */
export function nameTables({ database, cluster }: TableOptions): Tables {
  check('MILLRACE_CLICKHOUSE_DATABASE', database);
  if (cluster !== '') check('MILLRACE_CLICKHOUSE_CLUSTER', cluster);
  return {
    database,
    schema: `${database}.schema`,
    panes: `${database}.panes`,
    panesMinute: `${database}.panes_minute`,
    panesHour: `${database}.panes_hour`,
    rollUps: `${database}.rollups`,
    archive: `${database}.archive`,
    events: `${database}.events`,
    commits: `${database}.commits`,
    keyUses: `${database}.key_uses`,
    onCluster: cluster === '' ? '' : ` ON CLUSTER ${cluster}`,
    // Without arguments of their own, replicated tables take the path and the replica name that the server is configured with.
    engine: (family, version = '') => `${cluster === '' ? '' : 'Replicated'}${family}(${version})`,
  };
}

/** The embedded engine's: it has one database, which is not shared. */
export const EMBEDDED_TABLES = nameTables({ database: 'millrace', cluster: '' });

function check(setting: string, name: string): void {
  if (NAME.test(name)) return;
  throw new MillraceError({
    code: 'invalid_settings',
    field: setting,
    message: `${setting}: expected letters, digits and "_", not starting with a digit, got ${shown(name)}.`,
  });
}
