// `npm run kafka`: a broker on 127.0.0.1:9092 with its data in .data/kafka, until Ctrl-C.
import { join } from 'node:path';
import { startBroker } from './start-broker.ts';

try {
  const folder = join(import.meta.dirname, '..', '..', '.data', 'kafka');
  const broker = await startBroker({ folder, port: 9092 });
  console.log(`Kafka serves at ${broker.brokers}; data in .data/kafka. Ctrl-C ends it.`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void broker.close());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
