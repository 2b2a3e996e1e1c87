/** What is known of a record's transaction. */
export interface InTransaction {
  offset: number;
  producer: string;
  /** Written in a transaction, ended or not. */
  transactional: boolean;
  /** The mark that ends a transaction, not a record of a producer. */
  control: boolean;
}

/**
 * Returns a filter that leaves out marks and records of aborted transactions. It must see every record of a fetch, in
 * order. `aborted` as the brokers send it: which producer's transaction, from which offset.
 * After Kafka's own consumer (org.apache.kafka.clients.consumer.internals.CompletedFetch).
 */
export function withoutAborted(
  aborted: Iterable<{ producer: string; first: number }>,
): (record: InTransaction) => boolean {
  const coming = [...aborted].sort((a, b) => a.first - b.first);
  const active = new Set<string>();
  return ({ offset, producer, transactional, control }) => {
    while (coming[0] !== undefined && offset >= coming[0].first) active.add(coming.shift()!.producer);
    if (control) active.delete(producer);
    return !control && !(transactional && active.has(producer));
  };
}
