import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { createWarnings } from './warnings.ts';

it('keeps the time at which a warning began, and the newest text', () => {
  let now = 1_000;
  const warnings = createWarnings({ clock: () => now, logger: createLogger('silent', 'test') });
  warnings.raise('disk_low', '90 % of the disk is used.');
  now = 2_000;
  warnings.raise('disk_low', '91 % of the disk is used.');
  expect(warnings.list()).toEqual([{ code: 'disk_low', message: '91 % of the disk is used.', since: 1_000 }]);
  warnings.clear('disk_low');
  warnings.clear('disk_low');
  expect(warnings.list()).toEqual([]);
});

it('logs a warning when it begins and when it ends, and not in between', () => {
  const lines: string[] = [];
  const logger = createLogger('silent', 'test');
  const note = (_: object, text: string): void => void lines.push(text);
  const heard = Object.assign(Object.create(logger), { warn: note, info: note });
  const warnings = createWarnings({ clock: () => 0, logger: heard });
  warnings.raise('disk_low', 'a');
  warnings.raise('disk_low', 'b');
  warnings.clear('disk_low');
  expect(lines).toEqual(['a', 'resolved: b']);
});
