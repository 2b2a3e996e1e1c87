import { describe, expect, it } from 'vitest';
import { readSettings } from '#platform/process/settings/config.ts';
import { readKafkaSettings } from './read-kafka-settings.ts';

const read = (env: Record<string, string>) =>
  readKafkaSettings(readSettings({ MILLRACE_KAFKA_BROKERS: 'a:9092', ...env }));

describe('readKafkaSettings', () => {
  it('splits brokers and leaves out the login where there is none', () => {
    const settings = read({ MILLRACE_KAFKA_BROKERS: 'kafka-1:9092, 10.0.0.2:19092' });
    expect(settings.brokers).toEqual(['kafka-1:9092', '10.0.0.2:19092']);
    expect(settings).toMatchObject({
      client: 'kafkajs',
      sasl: null,
      tls: false,
      prefix: '',
      session: 10_000,
    });
  });

  it('takes a login', () => {
    const login = {
      MILLRACE_KAFKA_SASL: 'scram-sha-256',
      MILLRACE_KAFKA_USER: 'u',
      MILLRACE_KAFKA_PASSWORD: 'p',
    };
    expect(read(login).sasl).toEqual({ mechanism: 'scram-sha-256', username: 'u', password: 'p' });
  });

  it.each([
    [{ MILLRACE_KAFKA_BROKERS: '' }, 'MILLRACE_KAFKA_BROKERS'],
    [{ MILLRACE_KAFKA_BROKERS: 'a:9092,b' }, 'MILLRACE_KAFKA_BROKERS'],
    [{ MILLRACE_KAFKA_BROKERS: 'a:70000' }, 'MILLRACE_KAFKA_BROKERS'],
    [{ MILLRACE_KAFKA_PREFIX: 'a b' }, 'MILLRACE_KAFKA_PREFIX'],
    [{ MILLRACE_KAFKA_MIN_INSYNC: '2' }, 'MILLRACE_KAFKA_MIN_INSYNC'],
    [{ MILLRACE_KAFKA_USER: 'u' }, 'MILLRACE_KAFKA_SASL'],
    [{ MILLRACE_KAFKA_SASL: 'plain' }, 'MILLRACE_KAFKA_USER'],
  ])('refuses %j by the name of the setting', (env, field) => {
    expect(() => read(env)).toThrow(expect.objectContaining({ code: 'invalid_settings', field }));
  });
});

it('shows no password that somebody wrote among the brokers', () => {
  const refused = { code: 'invalid_settings', message: expect.not.stringContaining('hunter2') };
  for (const brokers of ['me:hunter2@a:9092x', 'kafka://me:hunter2@a', 'a:9092,hunter2@b:c'])
    expect(() => read({ MILLRACE_KAFKA_BROKERS: brokers })).toThrow(expect.objectContaining(refused));
});
