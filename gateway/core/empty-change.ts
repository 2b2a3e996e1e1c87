import type { FrameView } from '#contracts/frame.ts';
import type { ValueSource } from './window-values.ts';

interface Head extends Pick<FrameView, 'version' | 'watermark' | 'asOf' | 'start' | 'end'> {
  id: string;
  source: Pick<ValueSource, 'aggregate' | 'metric'>;
}

/** What a frame says of a view in which nothing has changed. */
export function emptyChange({
  id: view,
  version,
  watermark,
  asOf,
  start,
  end,
  source: { aggregate, metric },
}: Head): FrameView {
  const values = aggregate.outputs(metric.aggregate).map(() => []);
  const nothing = { windows: [], at: [], series: [], values, partial: [] };
  return { view, version, received: null, watermark, asOf, start, end, ...nothing };
}
