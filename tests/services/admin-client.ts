/** Settings that name the library which speaks to the broker: SERVICES_CLIENT, kafkajs or platformatic. */
export const kafkaClient = (): Record<string, string> => ({
  MILLRACE_KAFKA_CLIENT: process.env.SERVICES_CLIENT ?? 'kafkajs',
});
