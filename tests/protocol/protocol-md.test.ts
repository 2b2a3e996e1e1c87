import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readFrame, readHeartbeat, readNotice, readReply, readTail } from '#client/live/read-messages.ts';
import { parseBoard } from '#contracts/board/board.ts';
import { ERRORS, type ErrorCode } from '#contracts/errors.ts';
import { ERASURE } from '#contracts/event/erasure.ts';
import { EVENT_PAGE } from '#contracts/event/event-page.ts';
import { parseTimestamp } from '#contracts/event/timestamp.ts';
import { KEY_TEXT, parseKeyGrant } from '#contracts/key.ts';
import { decodeBlockHeaders, HEADER } from '#contracts/log/block.ts';
import { murmur2, partitionOf } from '#contracts/log/partitioner.ts';
import { LEFT_OUT_RECORD, REJECTED_PAGE } from '#contracts/log/rejected-record.ts';
import { topics } from '#contracts/log/topics.ts';

import { formatDerived, parseDerived } from '#contracts/metric/derived-metric.ts';

import { DIFFERENCES, EXPLANATION } from '#contracts/metric/explanation.ts';

import { parseMetric } from '#contracts/metric/metric.ts';

import { EVENT_VERDICT, VERDICTS_ANSWER } from '#contracts/metric/verdict.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema } from '#contracts/schema/schema.ts';
import { apply, emptyContents, type Frame, type ViewContents } from '#contracts/view/frame.ts';
import { METRIC_GROUPS } from '#contracts/view/metric-groups.ts';
import { PREVIEW_ANSWER, PREVIEW_NOTES } from '#contracts/view/preview-result.ts';
import { REBUILD_PROGRESS } from '#contracts/view/rebuild-progress.ts';
import { SCHEMA_ANSWER } from '#contracts/view/schema-result.ts';
import { parseViewRequest } from '#contracts/view/view-request.ts';
import { readPreview, readPreviewSubscription } from '#gateway/previews/read-preview.ts';
import { readCursor } from '#gateway/routes/events/event-cursor.ts';
import { readToken } from '#gateway/routes/series/series-token.ts';
import { readMessage } from '#gateway/sessions/read-message.ts';
import { readAuth } from '#gateway/sockets/read-auth.ts';

const TEXT = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8');

interface Example {
  kind: string;
  expected: string | undefined;
  json: never;
}

const examples: Example[] = [...TEXT.matchAll(/^```json ([a-z-]+)(?: ([a-z]+))?\n([\s\S]*?)^```$/gm)].map(
  (m) => ({
    kind: m[1]!,
    expected: m[2],
    json: JSON.parse(m[3]!) as never,
  }),
);
const of = (kind: string) =>
  examples.filter((e) => e.kind === kind).map((e) => e.json as Record<string, never>);
/** Rows of the tables in a section, as cells without back-ticks. */
const rows = (from: string, to: string): string[][] =>
  TEXT.slice(TEXT.indexOf(`\n${from}`), TEXT.indexOf(`\n${to}`))
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim().replaceAll('`', '')),
    );

const plain = (contents: ViewContents) =>
  Object.fromEntries([...contents.series.values()].map((s) => [s.group.join(), Object.fromEntries(s.cells)]));

describe('PROTOCOL.md', () => {
  it('has no example without a kind, and each kind is read by some test here', () => {
    expect(TEXT.match(/^```json$/gm)).toBeNull();
    const known = ['subscribe', 'subscribe-reply', 'contents', 'frame', 'beat', 'ack', 'tail-switch', 'tail'];
    const others = [
      'notice',
      'event',
      'post-answer',
      'metric',
      'derived',
      'board',
      'series',
      'rebuild',
      'problem',
      'block-headers',
      'rejected',
      'rejected-page',
      'left-out',
      'system',
      'entry',
      'refusal',
      'auth',
      'auth-reply',
      'grant',
      'made-key',
      'own-key',
      'event-page',
      'erasure',
      'metric-groups',
      'explanation',
      'differences',
      'verdicts',
      'pasted',
      'schema',
      'preview-request',
      'preview',
      'preview-subscribe',
      'preview-notes',
    ];
    expect(new Set(examples.map((e) => e.kind))).toEqual(new Set([...known, ...others]));
  });

  it('shows frames that do what it says, from the first snapshot to the resume', () => {
    const contents = emptyContents();
    let steps = 0;
    for (const { kind, expected, json } of examples) {
      const reply = kind === 'subscribe-reply' ? readReply(json) : null;
      const frame: Frame | null = kind === 'frame' ? readFrame(json) : reply?.ok ? reply.frame : null;
      if (kind === 'frame' || reply?.ok) {
        expect(frame).not.toBeNull();
        expect(apply(contents, frame!, frame!.views[0]!)).toBe(expected ?? 'applied');
      }
      if (kind !== 'contents') continue;
      steps++;
      expect(plain(contents)).toEqual(json);
    }
    expect(steps).toBe(3);
    expect(contents.cursor?.offset).toBe(4195);
    expect([...contents.partial]).toEqual([1795428060000]);
  });

  it('shows messages that readers take', () => {
    for (const reply of of('subscribe-reply')) expect(readReply(reply)).not.toBeNull();
    for (const { request } of of('subscribe')) expect(parseViewRequest(request).ok).toBe(true);
    expect(of('beat').map(readHeartbeat)).not.toContain(null);
    expect(of('tail').map(readTail)).not.toContain(null);
    expect(of('notice').map(readNotice)).not.toContain(null);
  });

  it('shows keys and grants that are read, and refusals with their own retry', () => {
    for (const entry of of('entry')) expect(readAuth(entry, undefined)).toMatchObject({ ok: true });
    for (const auth of of('auth')) expect(readMessage('auth', auth)).toMatchObject({ ok: true });
    for (const { code, retry } of [...of('refusal'), ...of('notice')])
      expect([code, ERRORS[code! as ErrorCode]?.retry]).toEqual([code, retry]);
    for (const { expires } of of('auth-reply')) expect(expires).toBeGreaterThan(0);
    const [grant] = of('grant').map((raw) => parseKeyGrant(raw, 0));
    expect(grant).toMatchObject({ ok: true });
    for (const { id, key, created, expires, ...shown } of of('made-key')) {
      expect(KEY_TEXT.exec(key!)?.[1]).toBe(id);
      expect(parseKeyGrant({ ...shown, expires }, Date.parse(created!))).toEqual(grant);
    }
  });

  it('shows definitions, events and records that parse', () => {
    for (const derived of of('derived')) {
      const read = parseDerived(derived.id!, derived);
      expect(read.ok && formatDerived(read.value)).toEqual(derived);
    }
    for (const metric of of('metric')) {
      const rules = { checkAggregate: (value: never) => ({ ok: true as const, value }), horizon: 3_600_000 };
      expect(parseMetric(metric.id!, metric, rules as never)).toMatchObject({ ok: true });
    }
    for (const board of of('board')) expect(parseBoard(board.id!, board)).toMatchObject({ ok: true });
    for (const event of of('event')) expect(parseTimestamp(event.timestamp)).not.toBeNull();
    for (const headers of of('block-headers'))
      expect(decodeBlockHeaders(headers, 0)).toMatchObject({ ok: true });
    for (const answer of of('post-answer')) expect(answer.errors).toHaveLength(answer.rejected!);
    for (const { next, cursor, version, end } of of('series')) {
      const held = { cursor: { ...(cursor! as object), end }, version, view: '5e5ba2b8de8b25b5' };
      expect(readToken(next!)).toEqual({ ok: true, value: held });
    }
    for (const page of of('event-page')) {
      const read = readAs(EVENT_PAGE, page, { code: 'wrong_type' });
      if (!read.ok) throw new Error(read.fault.message);
      const { timestamp: ts, position } = read.value.events.at(-1)!;
      const { partition: part, offset, index } = position;
      expect(readCursor(read.value.next!)).toEqual({ ok: true, value: { ts, part, offset, index } });
    }
    for (const [kind, schema] of [
      ['metric-groups', METRIC_GROUPS],
      ['explanation', EXPLANATION],
      ['differences', DIFFERENCES],
      ['verdicts', VERDICTS_ANSWER],
      ['pasted', EVENT_VERDICT],
    ] as const)
      for (const example of of(kind))
        expect(readAs(schema as Schema, example, { code: 'wrong_type' })).toMatchObject({ ok: true });
    for (const erasure of of('erasure'))
      expect(readAs(ERASURE, erasure, { code: 'wrong_type' })).toMatchObject({ ok: true });
    for (const schema of of('schema'))
      expect(readAs(SCHEMA_ANSWER, schema, { code: 'wrong_type' })).toMatchObject({ ok: true });
    for (const request of of('preview-request'))
      expect(readPreview(request, { horizon: 3_600_000, zoneOf: () => null })).toMatchObject({ ok: true });
    for (const message of of('preview-subscribe')) {
      const { request } = message;
      expect(readPreviewSubscription(request, { horizon: 3_600_000, zoneOf: () => null })).toMatchObject({
        ok: true,
      });
    }
    for (const notes of of('preview-notes'))
      expect(readAs(PREVIEW_NOTES, notes, { code: 'wrong_type' })).toMatchObject({ ok: true });
    for (const preview of of('preview'))
      expect(readAs(PREVIEW_ANSWER, preview, { code: 'wrong_type' })).toMatchObject({ ok: true });
    for (const progress of of('rebuild'))
      expect(readAs(REBUILD_PROGRESS, progress, { code: 'wrong_type' })).toMatchObject({ ok: true });
    const [leftOut] = of('left-out').map((raw) => readAs(LEFT_OUT_RECORD, raw, { code: 'wrong_type' }));
    expect(leftOut).toMatchObject({ ok: true });
    const [page] = of('rejected-page').map((raw) => readAs(REJECTED_PAGE, raw, { code: 'wrong_type' }));
    expect(page).toMatchObject({ ok: true });
    for (const { code, status } of page?.ok ? page.value.rejected : [])
      if (status !== undefined) expect([code, status]).toEqual([code, ERRORS[code].status]);
    for (const problem of of('problem'))
      expect(ERRORS[problem.code! as ErrorCode]).toMatchObject({ status: problem.status });
  });

  it('says of every refusal what the list of codes says', () => {
    const refusals = rows('### 1.10', '### 1.11');
    expect(refusals.length).toBeGreaterThan(10);
    for (const [code, retry] of refusals) {
      expect([code, ERRORS[code as ErrorCode]?.retry]).toEqual([code, retry === 'yes']);
    }
  });

  it('gives the topics, header names and partitions that the code has', () => {
    expect(rows('## 3.', '### 3.1').map(([name]) => name)).toEqual(topics(4).map((t) => t.name));
    expect(rows('### 3.1', '### 3.2').map(([name]) => name)).toEqual(Object.values(HEADER));
    for (const [key, hash, of4, of12] of rows('### 3.2', '### 3.3')) {
      const bytes = new TextEncoder().encode(key);
      expect([murmur2(bytes), partitionOf(bytes, 4), partitionOf(bytes, 12)]).toEqual(
        [hash, of4, of12].map(Number),
      );
    }
  });
});
