/** Settings that no service of the compose file is given, and why: what to set in their place. */
export const UNPASSED: Readonly<Record<string, string>> = {
  MILLRACE_HOST:
    'containers listen on all their addresses; MILLRACE_PUBLISH_ADDRESS is the one on this machine',
  MILLRACE_PORT: 'containers listen on 8080; MILLRACE_PUBLISH is the port on this machine',
  MILLRACE_DATA: 'data is in the volumes of Kafka and ClickHouse',
  MILLRACE_DISK_FLOOR: 'it is for a process with its own data; Kafka and ClickHouse manage their disks',
  MILLRACE_DISK_FLOOR_SHARE: 'as MILLRACE_DISK_FLOOR',
  MILLRACE_STORE_MEMORY: 'it is for the embedded engine; infra/clickhouse/millrace.xml limits the server',
  MILLRACE_STORE_SESSIONS: 'it is for the embedded engine',
  MILLRACE_DEMO_URL: "the demo sends to the stack's own proxy",
};
