import { MillraceError, shown } from '#contracts/errors.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import { withoutCredentials } from '#platform/process/without-credentials.ts';
import type { SaslMechanism } from './kafka-connection.ts';
import type { KafkaSettings } from './open-kafka-log.ts';

/**
 * What the environment says of Kafka, as `openKafkaLog` takes it. Throws `invalid_settings` that names the setting
 * where no broker is set or the parts do not fit each other.
 */
export function readKafkaSettings({ kafka }: Pick<Settings, 'kafka'>): KafkaSettings {
  const { brokers, client, mechanism, user, password, ...rest } = kafka;
  if (rest.minInsync > rest.replicas) {
    const message = `at most MILLRACE_KAFKA_REPLICAS, which is ${rest.replicas}, got ${rest.minInsync}`;
    throw refusal('MILLRACE_KAFKA_MIN_INSYNC', message);
  }
  if (!/^[A-Za-z0-9._-]{0,100}$/.test(rest.prefix)) {
    const message = `letters, digits, dot, underscore or hyphen, at most 100, got ${shown(rest.prefix)}`;
    throw refusal('MILLRACE_KAFKA_PREFIX', message);
  }
  return {
    ...rest,
    client: client as KafkaSettings['client'],
    brokers: readBrokers(brokers),
    sasl: readLogin(mechanism as SaslMechanism | 'none', user, password),
  };
}

function readBrokers(text: string): string[] {
  const brokers = text.split(',').map((part) => part.trim());
  for (const broker of brokers) {
    const [, port] = /^[^\s:]+:(\d{1,5})$/.exec(broker) ?? [];
    if (port !== undefined && Number(port) >= 1 && Number(port) <= 65_535) continue;
    const message = `host:port, or several separated by commas, got ${shown(withoutCredentials(broker))}`;
    throw refusal('MILLRACE_KAFKA_BROKERS', message);
  }
  return brokers;
}

function readLogin(
  mechanism: SaslMechanism | 'none',
  username: string,
  password: string,
): KafkaSettings['sasl'] {
  if (mechanism === 'none') {
    if (username !== '' || password !== '')
      throw refusal(
        'MILLRACE_KAFKA_SASL',
        'plain, scram-sha-256 or scram-sha-512, for there is a user or a password',
      );
    return null;
  }
  if (username === '')
    throw refusal('MILLRACE_KAFKA_USER', 'a user name, for MILLRACE_KAFKA_SASL asks for a login');
  return { mechanism, username, password };
}

const refusal = (setting: string, expected: string): MillraceError =>
  new MillraceError({
    code: 'invalid_settings',
    message: `${setting}: expected ${expected}.`,
    field: setting,
  });
