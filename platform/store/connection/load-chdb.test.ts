import { expect, test, vi } from 'vitest';
import { openEmbeddedStore } from '../open-store.ts';

vi.mock('koffi', () => {
  throw new Error('no such module on this machine');
});

test('without the engine, the refusal names the packages, the reason and the setting for a server', async () => {
  const aggregateOf = () => {
    throw new Error('not reached');
  };
  const opening = openEmbeddedStore(
    { folder: '/nonexistent/never-made', memory: 1e9, sessions: 2 },
    { aggregateOf },
  );
  await expect(opening).rejects.toMatchObject({ code: 'engine_missing' });
  await expect(opening).rejects.toThrow(/chdb and koffi[\s\S]*MILLRACE_CLICKHOUSE_URL[\s\S]*The reason: /);
});
