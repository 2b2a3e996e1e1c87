import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { compileFilter, type FilteredEvent } from '#contracts/filter/compile-filter.ts';
import { compileGroupFilter, compileHiding } from '#contracts/filter/group-filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import { anyFilter, anyPattern, oddNumber, oddText } from '#contracts/filter/testing/any-filter.ts';
import { formatText } from '#contracts/filter/text-print.ts';
import { MISSING, OTHER } from '#contracts/metric/dimension.ts';
import { quoteText } from '../connection/bind-params.ts';
import { type ChdbOptions, openChdbConnection } from '../connection/chdb-connection.ts';
import type { Connection, Params } from '../connection/engine-connection.ts';
import { judgeGroup, judgeHiding } from '../testing/naive-group-filter.ts';
import { sampleEvent } from '../testing/store-samples.ts';
import { createClickHouseStore } from './clickhouse-store.ts';
import { type FilterSql, filterSql, groupFilterSql, hidingSql } from './filter-sql.ts';
import { propertySql } from './property-texts.ts';

let options: ChdbOptions;
let connection: Connection;
let events: FilteredEvent[];
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-filter-sql-'));
  options = { folder, memory: 1_000_000_000, sessions: 1 };
  connection = await openChdbConnection(options);
  const store = createClickHouseStore(connection, { aggregateOf });
  await store.migrate();
  events = fc.sample(anyEvent, { numRuns: 300, seed: 15 });
  await store.insertEvents(
    events.map(({ properties, ...envelope }, offset) =>
      sampleEvent({ part: 1, offset, ...envelope }, properties),
    ),
  );
});
afterAll(async () => {
  await connection?.close();
  await rm(options.folder, { recursive: true, force: true });
});

const anyValue = fc.oneof(
  oddText,
  oddNumber,
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.boolean(),
  fc.constantFrom<unknown>(null, [], {}, [1, 'a'], { b: 1 }, { b: null }, { b: { c: 'x' } }, ''),
);
const anyProperties = fc.record(
  { a: anyValue, 'a.d': oddNumber, 'Price (EUR)': anyValue, e: anyValue, $key: anyValue, $event: oddText },
  { requiredKeys: [] },
);
const anyText = fc.oneof(fc.constantFrom('a', 'DE', '42', 'ключ'), oddText);
const anyEvent: fc.Arbitrary<FilteredEvent> = fc.record({
  event: anyText.filter((name) => name !== ''),
  id: fc.option(anyText),
  key: fc.option(anyText),
  ts: fc.oneof(fc.constantFrom(0, 1, 42), fc.integer({ min: 0, max: 2e12 })),
  properties: anyProperties,
});
const path = fc.constantFrom(
  ...['a', 'a', 'a', 'Price (EUR)', 'a.b', 'a.b.c', 'a.d', 'e', 'none'],
  ...['$key', '$id', '$event', '$timestamp', '$$key', '$$event', '$$id'],
);

/** Of each filter which rows fit, in one statement. */
async function rowsOf(all: readonly FilterSql[], from: string, params: Params = {}): Promise<boolean[][]> {
  const columns = all.map(({ conditions }) => `(${['true', ...conditions].join(' AND ')}) = 1`);
  const rows = await connection.query<{ fits: boolean[] }>(
    `SELECT CAST([${columns.join(', ')}], 'Array(Bool)') AS fits FROM ${from}`,
    Object.assign({}, params, ...all.map((one) => one.params)),
  );
  return all.map((_, i) => rows.map(({ fits }) => fits[i]!));
}

const several = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 10, maxLength: 10 });

test('a filter over events = SQL over the archive, for values of every kind', async () => {
  const rows = `(SELECT properties, event, id, key, ts FROM ${connection.tables.archive} FINAL WHERE part = 1 ORDER BY offset)`;
  await fc.assert(
    fc.asyncProperty(several(anyFilter(path)), async (filters) => {
      const property = (of: string) => propertySql(of, quoteText(MISSING));
      const found = await rowsOf(
        filters.map((filter, i) => filterSql(filter, { name: `f${i}_`, property })),
        rows,
      );
      for (const [i, filter] of filters.entries()) {
        const fits = compileFilter(filter, compilePattern);
        const wrong = events.findIndex((of, row) => fits(of) !== found[i]![row]);
        expect([formatText(filter), wrong < 0 ? null : events[wrong]]).toEqual([formatText(filter), null]);
      }
    }),
    { numRuns: 60 },
  );
});

/** A column of texts. */
const X = {
  text: 'x',
  isText: 'true',
  isMissing: 'false',
  number: '0',
  isNumber: 'false',
  isFinite: 'false',
};

test('a pattern is found by both engines, or by none', async () => {
  const texts = fc.array(
    fc.oneof(oddText, fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[abB1é日 \n-]{0,8}$/u)),
    {
      minLength: 40,
      maxLength: 40,
    },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyPattern, { minLength: 20, maxLength: 20 }),
      texts,
      async (patterns, tried) => {
        const found = await rowsOf(
          patterns.map((text, i) =>
            filterSql([{ path: 'x', op: 'matches', text }], { name: `p${i}_`, property: () => X }),
          ),
          '(SELECT arrayJoin({texts:Array(String)}) AS x)',
          { texts: tried },
        );
        for (const [i, pattern] of patterns.entries()) {
          const fits = compilePattern(pattern);
          const wrong = tried.find((text, row) => fits(text) !== found[i]![row]);
          expect([pattern, wrong]).toEqual([pattern, undefined]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a filter over groups = SQL over their texts = what is known of them', async () => {
  const text = fc.oneof(oddText, oddNumber.map(String), fc.constantFrom(MISSING, OTHER, ''));
  const texts = fc.array(text, { minLength: 12, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(several(anyFilter(fc.constantFrom('x', 'y'))), texts, texts, async (filters, xs, ys) => {
      const groups = xs.flatMap((x) => ys.map((y) => [x, y] as const));
      const found = await rowsOf(
        filters.map((filter, i) => groupFilterSql(filter, { name: `f${i}_`, textOf: (d) => d })),
        '(SELECT x, arrayJoin({ys:Array(String)}) AS y FROM (SELECT arrayJoin({xs:Array(String)}) AS x))',
        { xs, ys },
      );
      for (const [i, filter] of filters.entries()) {
        const fits = compileGroupFilter(filter, (d) => (d === 'x' ? 0 : 1), compilePattern);
        const judge = ([x, y]: readonly [string, string]) =>
          judgeGroup(filter, (d) => (d === 'x' ? x : y)) === true;
        const isSimple = !formatText(filter).includes('matches');
        const wrong = groups.find(
          (group, row) => fits(group) !== found[i]![row] || (isSimple && fits(group) !== judge(group)),
        );
        expect([formatText(filter), wrong]).toEqual([formatText(filter), undefined]);
      }
    }),
    { numRuns: 60 },
  );
});

test('whether a group hides events from a view = the same in SQL = what is known of it', async () => {
  const text = fc.oneof(oddText, fc.constantFrom(OTHER, OTHER, MISSING, '1'));
  const texts = fc.array(text, { minLength: 8, maxLength: 8 });
  const view = fc.record({
    where: anyFilter(fc.constantFrom('x', 'y')),
    groupBy: fc.subarray(['x', 'y']),
  });
  await fc.assert(
    fc.asyncProperty(several(view), texts, texts, async (views, xs, ys) => {
      const groups = xs.flatMap((x) => ys.map((y) => [x, y] as const));
      const found = await rowsOf(
        views.map((one, i) => hidingSql(one, { name: `f${i}_`, textOf: (d) => d })),
        '(SELECT x, arrayJoin({ys:Array(String)}) AS y FROM (SELECT arrayJoin({xs:Array(String)}) AS x))',
        { xs, ys },
      );
      for (const [i, one] of views.entries()) {
        const hides = compileHiding(one, (d) => (d === 'x' ? 0 : 1), compilePattern);
        const judge = ([x, y]: readonly [string, string]) => judgeHiding(one, (d) => (d === 'x' ? x : y));
        const isSimple = !formatText(one.where).includes('matches');
        const wrong = groups.find(
          (group, row) => hides(group) !== found[i]![row] || (isSimple && hides(group) !== judge(group)),
        );
        expect([formatText(one.where), one.groupBy, wrong]).toEqual([
          formatText(one.where),
          one.groupBy,
          undefined,
        ]);
      }
    }),
    { numRuns: 60 },
  );
});
