import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettings } from './config.ts';
import type { SettingSpec } from './setting-spec.ts';
import { SETTINGS } from './settings.ts';

const messageOf = (env: Record<string, string>): string => {
  try {
    readSettings(env);
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_settings' });
    return (error as Error).message;
  }
  throw new Error('the settings were accepted');
};
const specs: SettingSpec[] = Object.values<Record<string, SettingSpec>>(SETTINGS).flatMap((s) =>
  Object.values(s),
);

describe('readSettings', () => {
  it('gives the defaults, frozen, and ignores what is not ours', () => {
    const settings = readSettings({ PATH: '/bin', MILLRACE_HOST: '' });
    expect(settings.http).toMatchObject({ host: '127.0.0.1', port: 8080 });
    for (const slice of [settings, ...Object.values(settings)]) expect(Object.isFrozen(slice)).toBe(true);
  });

  it('reads every kind', () => {
    const settings = readSettings({
      MILLRACE_HOST: '::1',
      MILLRACE_PORT: ' 0 ',
      MILLRACE_NO_KEYS: 'true',
      MILLRACE_FLUSH: '2s',
      MILLRACE_LINGER: '0',
      MILLRACE_CREDIT: '4096',
      MILLRACE_LOG_LEVEL: 'debug',
    });
    expect(settings.http).toMatchObject({ host: '::1', port: 0, noKeys: true });
    expect(settings.aggregator.flush).toBe(2_000);
    expect(settings.ingest.linger).toBe(0);
    expect(settings.gateway.credit).toBe(4_096);
    expect(settings.process.logLevel).toBe('debug');
  });

  it('names all faults in one message', () => {
    const message = messageOf({
      MILLRACE_PORT: '65536',
      MILLRACE_FLUSH: '1',
      MILLRACE_NO_KEYS: 'yes',
      MILLRACE_LOG_LEVEL: 'loud',
      MILLRACE_EVENT_BYTES: '1e4',
    });
    expect(message).toContain('MILLRACE_PORT: expected a whole number from 0 to 65535, got "65536".');
    expect(message).toContain(
      'MILLRACE_FLUSH: expected a duration such as "10s" or "500ms" from 50ms to 1m, got "1".',
    );
    expect(message).toContain('MILLRACE_NO_KEYS: expected true or false, got "yes".');
    expect(message).toContain('MILLRACE_LOG_LEVEL: expected one of fatal, error');
    expect(message).toContain('MILLRACE_EVENT_BYTES: expected whole bytes from');
  });

  it('refuses unknown names with the nearest one, and never shows their values', () => {
    const message = messageOf({ MILLRACE_PROT: 'hunter2', MILLRACE_ZZZZZZZZZZZZ: 'hunter2' });
    expect(message).toContain('MILLRACE_PROT: there is no such setting; did you mean MILLRACE_PORT?');
    expect(message).toContain('MILLRACE_ZZZZZZZZZZZZ: there is no such setting.');
    expect(message).not.toContain('hunter2');
  });

  it('takes every bound, and nothing beyond it', () => {
    const numbers = specs.filter((s) => s.kind === 'integer' || s.kind === 'bytes');
    fc.assert(
      fc.property(
        fc.constantFrom(...numbers),
        fc.integer({ min: 1, max: 1_000 }),
        ({ env, min, max }, by) => {
          for (const inside of [min!, max!]) readSettings({ [env]: String(inside) });
          expect(messageOf({ [env]: String(max! + by) })).toContain(env);
          expect(messageOf({ [env]: String(min! - by) })).toContain(env);
        },
      ),
    );
  });

  it('has a default inside its own bounds for every setting, and each name once', () => {
    for (const { env, min, max, default: value } of specs) {
      expect(env).toMatch(/^MILLRACE_[A-Z_]+$/);
      if (typeof value !== 'number') continue;
      expect(value, env).toBeGreaterThanOrEqual(min!);
      expect(value, env).toBeLessThanOrEqual(max!);
    }
    expect(new Set(specs.map((s) => s.env)).size).toBe(specs.length);
  });
});
