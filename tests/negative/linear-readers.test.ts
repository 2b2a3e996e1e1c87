import { describe, expect, it } from 'vitest';
import { checkAggregate } from '#aggregates/registry.ts';
import { parseBoard } from '#contracts/board/board.ts';
import { shown } from '#contracts/errors.ts';
import { parseTimestamp } from '#contracts/event/timestamp.ts';
import { readTextForm } from '#contracts/filter/text-form.ts';
import { parseWhere } from '#contracts/filter/where.ts';
import { parseKeyGrant } from '#contracts/key.ts';
import { decodeDefinition } from '#contracts/log/definition-record.ts';
import { parseAggregate } from '#contracts/metric/aggregate-call.ts';
import { parseMetric } from '#contracts/metric/metric.ts';
import { checkTexts } from '#contracts/text/check-texts.ts';
import { parseDuration } from '#contracts/text/duration.ts';
import { nearestNames } from '#contracts/text/nearest-names.ts';
import { readJson } from '#gateway/routes/definitions/json-text.ts';
import { matchesEtag } from '#gateway/routes/definitions/preconditions.ts';
import { readYaml } from '#gateway/routes/definitions/yaml-text.ts';
import { readCursor } from '#gateway/routes/events/event-cursor.ts';
import { readPageQuery } from '#gateway/routes/events/page-query.ts';
import { readRejectedQuery } from '#gateway/routes/rejected/rejected-query.ts';
import { readSeriesQuery } from '#gateway/routes/series/series-query.ts';
import { readToken } from '#gateway/routes/series/series-token.ts';
import { readMessage } from '#gateway/sessions/read-message.ts';
import { decodeSystemRecord } from '#gateway/status/decode-system-record.ts';
import { readEventsQuery } from '#ingest/core/read-events-query.ts';
import { withoutSecrets } from '#ingest/core/without-secrets.ts';
import { holdsKey, readBearer } from '#platform/access/read-bearer.ts';
import { bindParams, quoteName, quoteText } from '#platform/store/connection/bind-params.ts';
import { propertySql } from '#platform/store/sql/property-texts.ts';

const RULES = { checkAggregate, horizon: 3_600_000 };

/** Everything that reads a text from outside, but for events, whose scan has benchmarks of its own. */
const READERS: Record<string, (text: string) => unknown> = {
  parseAggregate,
  'parseAggregate, in brackets': (text) => parseAggregate(`sum(${text})`),
  'parseAggregate, a name': (text) => parseAggregate(`sum${text}(x)`),
  'parseAggregate, conditions': (text) => parseAggregate(`funnel(30m, ${text})`),
  'parseAggregate, durations': (text) => parseAggregate(`sessions(${text})`),
  checkAggregate: (text) => checkAggregate({ name: text, field: text, args: [] }),
  'parseMetric, every field': (text) =>
    parseMetric(
      text,
      { title: text, event: [text], where: { [text]: text }, groupBy: text, window: text },
      RULES,
    ),
  'parseMetric, aggregate': (text) => parseMetric('m', { event: text, aggregate: text }, RULES),
  'parseMetric, unknown field': (text) => parseMetric('m', { [text]: text }, RULES),
  parseBoard: (text) => parseBoard('b', { title: text, panels: [{ id: text, outputs: [...text] }] }),
  'parseBoard, unknown field': (text) => parseBoard('b', { panels: [{ [text]: text }] }),
  'readTextForm, words': (text) => readTextForm(text, 'where'),
  'readTextForm, value': (text) => readTextForm(`a = ${JSON.stringify(text)}`, 'where'),
  parseWhere: (text) => parseWhere({ a: [...text], b: { [text]: 1 }, [text]: text }),
  parseKeyGrant: (text) => parseKeyGrant({ name: text, scope: text, metrics: [text], origins: [text] }, 0),
  'parseKeyGrant, an origin': (text) =>
    parseKeyGrant({ name: 'a', scope: 'read', origins: [`https://${text}`], expires: text }, 0),
  parseDuration: (text) => parseDuration(text, 'window'),
  parseTimestamp,
  decodeDefinition,
  decodeSystemRecord,
  checkTexts: (text) => checkTexts({ [text]: [...text] }, 'invalid_definition'),
  shown: (text) => shown({ [text]: [...text] }),
  'nearestNames, asked': (text) => nearestNames(text, ['count', 'avg', 'quantiles']),
  readMessage: (text) =>
    readMessage(text, { view: text, request: { metric: text, where: { [text]: [...text] } } }),
  'readMessage, subscribe': (text) =>
    readMessage('subscribe', { request: { metric: text }, cursor: { epoch: text } }),
  'readMessage, auth': (text) => readMessage('auth', { key: text }),
  readSeriesQuery: (text) => readSeriesQuery('m', { groupBy: text, where: text, since: text }),
  'readSeriesQuery, a duration': (text) => readSeriesQuery('m', { range: text }),
  'readSeriesQuery, unknown': (text) => readSeriesQuery('m', { [text]: text }),
  readToken,
  readPageQuery: (text) => readPageQuery({ event: text, where: text, cursor: text }),
  'readPageQuery, a time': (text) => readPageQuery({ from: text, limit: text }),
  readCursor,
  readJson,
  'readJson, within a list': (text) => readJson(`[${JSON.stringify(text)},{"a":${text}}]`),
  readYaml,
  'readYaml, a value': (text) => readYaml(`a: ${text}`),
  'readYaml, a quoted text': (text) => readYaml(`a: "${text}"`),
  'readYaml, a block': (text) => readYaml(`a: |\n  ${text}`),
  'readYaml, a list in brackets': (text) => readYaml(`[${text}]`),
  matchesEtag: (text) => matchesEtag(text, { offset: 1 }),
  readEventsQuery: (text) => readEventsQuery({ sent_at: text }),
  readRejectedQuery: (text) => readRejectedQuery({ code: text }),
  'readRejectedQuery, a cursor': (text) => readRejectedQuery({ limit: text.slice(0, 5), cursor: text }),
  withoutSecrets: (text) => withoutSecrets(text, null),
  'withoutSecrets, a credential': (text) => withoutSecrets(text, `Bearer ${text.slice(0, 200)}`),
  'withoutSecrets, a long one': (text) => withoutSecrets(text, text),
  readBearer,
  'readBearer, a scheme': (text) => readBearer(`Bearer ${text}`),
  holdsKey,
  'holdsKey, nearly': (text) => holdsKey(`mr_${text}`),
  quoteText,
  quoteName,
  bindParams: (text) => bindParams(`SELECT ${text.replaceAll('{', '')} {a:String}`, { a: text }),
  propertySql: (text) => propertySql(text, "''"),
};

/** The units that texts repeat: what the readers know, and separators. */
const UNITS =
  'a| |\n|\t|\r\n|,|(|)|[|]|{|}|"|\'|\\|:|-|?|!|&|*|#|%|@|`|1|0|.|/|_|=|<|\0|é|\u{1f600}|a |a,|a.|, |- |? |: |a:|a: |!a |&a |*a |- a\n|a:\n|"",|"a" |{"a":|[1,|\\q|\\u0041|---\n|...\n|%TAG ! a\n|# a\n|- !a b\n|- &a b\n|- *a\n|{<<: *a},|mr_|bearer |{a:String|é\n'.split(
    '|',
  );

const SMALL = 1_000;
const LARGE = 64 * SMALL;

/** ms of CPU of the quickest of some calls: other load on the machine only makes a call slower. */
function quickest(read: (text: string) => unknown, text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 4; i++) {
    const began = process.threadCpuUsage();
    try {
      read(text);
    } catch (error) {
      // Only the time counts here, also that of a refusal by exception: other tests find bugs.
      if (!(error instanceof Error)) throw error;
    }
    const { user, system } = process.threadCpuUsage(began);
    best = Math.min(best, (user + system) / 1_000);
    if (best < 1) break;
  }
  return best;
}

describe('the cost of reading a text from outside', () => {
  // 64 times the text takes 64 times as long; where every character meets every other it takes 4,096 times: the bound lies between.
  it.each(Object.entries(READERS))(
    'grows no faster than the text: %s',
    (_, read) => {
      for (const unit of UNITS) {
        const large = quickest(read, unit.repeat(LARGE / unit.length));
        if (large < 100) continue;
        const small = quickest(read, unit.repeat(SMALL / unit.length));
        expect(
          large / Math.max(small, 0.2),
          `${JSON.stringify(unit)}: ${small} ms, then ${large} ms`,
        ).toBeLessThan(600);
      }
    },
    120_000,
  );
});
