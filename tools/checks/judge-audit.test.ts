import { expect, it } from 'vitest';
import { judgeAudit } from './judge-audit.ts';

const advisory = (severity: string, url = 'https://advisories.test/1') => ({
  title: 'Reads too far',
  url,
  severity,
  range: '<2.0.0',
});
const report = (...vulnerabilities: { name: string; via: unknown[]; fixAvailable: unknown }[]): string =>
  JSON.stringify({
    vulnerabilities: Object.fromEntries(vulnerabilities.map((one) => [one.name, one])),
    metadata: { dependencies: { total: 412 } },
  });
const leaf = (severity: string) => ({ name: 'leaf', via: [advisory(severity)], fixAvailable: true });

it('fails on severe advisories, once each, and names the version that fixes them', () => {
  const above = { name: 'above', via: ['leaf'], fixAvailable: true };
  for (const severity of ['high', 'critical']) {
    expect(judgeAudit(report(leaf(severity), above), {}).problems).toEqual([
      `leaf <2.0.0: ${severity}, Reads too far, https://advisories.test/1; a newer version mends it`,
    ]);
  }
  const replaced = { ...leaf('high'), fixAvailable: { name: 'above', version: '3.0.0' } };
  expect(judgeAudit(report(replaced), {}).problems[0]).toContain('mends it (above 3.0.0)');
});

it('lists lesser ones, and says when there are none', () => {
  const { problems, note, skipped } = judgeAudit(report(leaf('moderate')), {});
  expect({ problems, skipped }).toEqual({ problems: [], skipped: undefined });
  expect(note).toContain('412 packages; leaf <2.0.0: moderate');
  expect(judgeAudit(report(), {}).note).toBe('412 packages; nothing known against them');
});

it('lets an exception cover its own advisory alone, and asks for it to go when it covers none', () => {
  const two = { ...leaf('high'), via: [advisory('high'), advisory('high', 'https://advisories.test/2')] };
  const exceptions = { 'https://advisories.test/1': 'the input is ours; ends with 2.0.0' };
  expect(judgeAudit(report(leaf('high')), exceptions).problems).toEqual([]);
  expect(judgeAudit(report(two), exceptions).problems).toHaveLength(1);
  expect(judgeAudit(report(), exceptions).problems[0]).toContain('of no use any more');
});

it('is skipped with the reason where the registry does not answer, and fails where npm could not even ask', () => {
  const refused = {
    message: '405 Method Not Allowed - POST https://registry.test/',
    statusCode: 405,
    error: {},
  };
  expect(judgeAudit(JSON.stringify(refused), {})).toEqual({
    problems: [],
    skipped: expect.stringContaining('405 Method Not Allowed'),
  });
  const away = { message: 'request to https://registry.test/ failed, reason: connect ECONNREFUSED' };
  expect(judgeAudit(JSON.stringify(away), {}).skipped).toContain('ECONNREFUSED');
  const ours = { error: { code: 'ENOLOCK', summary: 'This command requires an existing lockfile.' } };
  expect(judgeAudit(JSON.stringify(ours), {})).toMatchObject({
    problems: [expect.stringContaining('lockfile')],
  });
  const badRequest = { message: '400 Bad Request', statusCode: 400 };
  for (const output of [JSON.stringify(badRequest), '', 'Killed', '{}'])
    expect(judgeAudit(output, {}).problems).toHaveLength(1);
});
