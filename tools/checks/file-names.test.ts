import { expect, it } from 'vitest';
import { sharedNames } from './file-names.ts';

it('finds a name that two files have, but for what every part has one of', () => {
  const files = ['gateway/app.ts', 'ingest/app.ts', 'gateway/lane.ts', 'platform/log/lane.ts', 'a/b.ts'];
  expect(sharedNames(files)).toEqual(['lane.ts has several meanings: gateway/lane.ts, platform/log/lane.ts']);
});
