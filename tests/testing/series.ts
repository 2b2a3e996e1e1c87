/** The answer of GET /v1/metrics/:id/series. */
export interface SeriesAnswer {
  metric: string;
  version: number;
  window: number;
  watermark: number | null;
  asOf: number | null;
  filled: { done: number; of: number };
  /** From where on history is known. */
  begins: number | null;
  full: boolean;
  start: number;
  end: number;
  panes: number[];
  series: { group: Record<string, string>; output: string; values: (number | null)[] }[];
  next: string;
}

/** Reads a metric over HTTP; rejects with the answer's text where it is not 200. */
export async function readSeries(
  url: string,
  metric: string,
  query = '',
  headers: Record<string, string> = {},
): Promise<SeriesAnswer> {
  const response = await fetch(`${url}/v1/metrics/${metric}/series${query}`, { headers });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as SeriesAnswer;
}

/** Sum of all values of an output over groups and windows. */
export const total = ({ series }: SeriesAnswer, output = 'value'): number =>
  series
    .filter((s) => s.output === output)
    .flatMap((s) => s.values)
    .reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** The cells that hold something, as `group|window start` → value. */
export const cells = (answer: SeriesAnswer, output = 'value'): Map<string, number> =>
  new Map(
    answer.series
      .filter((s) => s.output === output)
      .flatMap((s) =>
        s.values.flatMap((value, i) =>
          value === null || value === 0
            ? []
            : [[`${Object.values(s.group).join(',')}|${answer.panes[i]}`, value] as const],
        ),
      ),
  );
