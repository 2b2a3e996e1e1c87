import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Attack } from '../attack.ts';
import { defineMetric } from './define.ts';

/** Only the user that the process runs as may read what is stored. */
export const fileModes: Attack = {
  name: 'file modes',
  what: 'every file and folder of the data folder, looked at as another user of the machine would',
  async setUp(stage) {
    await defineMetric(stage, 'stored', {
      event: 'stored',
      aggregate: 'count',
      groupBy: ['group'],
      window: '1s',
    });
  },
  async run(stage) {
    await stage.attacker.post(
      Array.from({ length: 1_000 }, (_, i) => ({ event: 'stored', properties: { group: `g${i % 9}` } })),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  },
  async inspect(data, fault) {
    const open: string[] = [];
    const entries = await readdir(data, { recursive: true, withFileTypes: true });
    for (const path of ['', ...entries.map((entry) => relative(data, join(entry.parentPath, entry.name)))]) {
      const info = await lstat(join(data, path));
      if (!info.isSymbolicLink() && (info.mode & 0o077) !== 0)
        open.push(`${path || '.'} ${(info.mode & 0o777).toString(8)}`);
    }
    if (open.length > 0)
      fault(`${open.length} files or folders are open to others, such as ${open.slice(0, 5).join(', ')}.`);
  },
};
