import { MillraceError, ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { formatDuration, parseDuration } from '#contracts/text/duration.ts';
import { nearestNames } from '#contracts/text/nearest-names.ts';
import type { SettingSpec } from './setting-spec.ts';
import { SETTINGS, type Settings } from './settings.ts';

const PREFIX = 'MILLRACE_';

/**
 * Reads the settings from environment variables; an empty variable counts as absent. The result is frozen.
 * Throws MillraceError `invalid_settings` that lists all faults at once, unknown MILLRACE_ names included.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const faults: string[] = [];
  const slices: Record<string, Readonly<Record<string, SettingSpec['default']>>> = {};
  const known = new Set<string>();
  for (const [part, specs] of Object.entries<Record<string, SettingSpec>>(SETTINGS)) {
    const slice: Record<string, SettingSpec['default']> = {};
    for (const [name, spec] of Object.entries(specs)) {
      known.add(spec.env);
      const text = env[spec.env]?.trim();
      const read = text === undefined || text === '' ? ok(spec.default) : readValue(spec, text);
      if (read.ok) slice[name] = read.value;
      else faults.push(read.fault.message);
    }
    slices[part] = Object.freeze(slice);
  }
  for (const name of Object.keys(env)) {
    if (!name.startsWith(PREFIX) || known.has(name)) continue;
    const near = nearestNames(name, known, PREFIX.length);
    const hint = near.length === 0 ? '.' : `; did you mean ${near.join(' or ')}?`;
    faults.push(`${name}: there is no such setting${hint}`);
  }
  if (faults.length === 0) return Object.freeze(slices) as Settings;
  throw new MillraceError({
    code: 'invalid_settings',
    message: ['The settings cannot be used:', ...faults, 'docs/CONFIG.md lists all of them.'].join('\n  '),
  });
}

function readValue(spec: SettingSpec, text: string): Result<SettingSpec['default']> {
  if (spec.kind === 'flag') {
    if (text === 'true' || text === 'false') return ok(text === 'true');
    return refuse('invalid_settings', `${spec.env}: expected true or false, got ${shown(text)}.`, spec.env);
  }
  if (spec.kind === 'text') {
    if (spec.oneOf === undefined || spec.oneOf.includes(text)) return ok(text);
    const allowed = spec.oneOf.join(', ');
    return refuse(
      'invalid_settings',
      `${spec.env}: expected one of ${allowed}, got ${shown(text)}.`,
      spec.env,
    );
  }
  if (spec.kind === 'secret') return readSecret(spec, text);
  return readNumber(spec, text);
}

/** A refused secret is not shown either. */
function readSecret({ env, min = 0 }: SettingSpec, text: string): Result<string> {
  if (text.length >= min && /^[\x21-\x7e]*$/.test(text)) return ok(text);
  const message = `${env}: expected ${min} characters or more, letters, digits and signs without spaces; it has ${text.length}.`;
  return refuse('invalid_settings', message, env);
}

function readNumber(spec: SettingSpec, text: string): Result<number> {
  const value =
    spec.kind === 'duration' ? readDuration(text) : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = spec;
  if (value >= min && value <= max) return ok(value);
  const form = {
    duration: 'a duration such as "10s" or "500ms"',
    bytes: 'whole bytes',
    integer: 'a whole number',
  };
  const range = `from ${formatBound(spec, min)} to ${formatBound(spec, max)}`;
  return refuse(
    'invalid_settings',
    `${spec.env}: expected ${form[spec.kind as keyof typeof form]} ${range}, got ${shown(text)}.`,
    spec.env,
  );
}

function readDuration(text: string): number {
  // Where the bounds allow none at all, "0" says it; durations of definitions are never zero.
  if (/^0(ms|s|m|h|d)?$/.test(text)) return 0;
  const read = parseDuration(text, 'setting');
  return read.ok ? read.value : Number.NaN;
}

const formatBound = (spec: SettingSpec, value: number): string =>
  spec.kind === 'duration' ? formatDuration(value) : String(value);
