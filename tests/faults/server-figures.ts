export interface ServerFigures {
  /** Resident memory, MB. */
  memory: number;
  /** 99th percentile of the event loop's delay since the last look, ms. */
  delay: number;
}

/** What the process reports at /metrics. */
export async function readFigures(url: string): Promise<ServerFigures> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const read = (name: string): number => {
    const found = new RegExp(`^${name} (\\S+)$`, 'm').exec(text);
    if (found === null) throw new Error(`/metrics does not tell ${name}`);
    return Number(found[1]);
  };
  return {
    memory: Math.round(read('process_resident_memory_bytes') / 1e6),
    delay: Math.round(read('nodejs_eventloop_lag_p99_seconds') * 1_000),
  };
}
