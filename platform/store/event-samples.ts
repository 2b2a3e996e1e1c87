/** When events of a name were there, as fine as panes are kept: starts of the first and the last pane, epoch ms. */
export interface NameSpan {
  group: string[];
  first: number;
  last: number;
}

export interface SampleQuery {
  /** Only events of this name; null: of every name. */
  event: string | null;
  /** The newest archived events, about, among which samples are taken. */
  rows: number;
  /** Events of one name, and of all names, at most; fewer where their properties are large. */
  perName: number;
  limit: number;
}

/** Some of the newest archived events, of each name the newest. */
export interface EventSample {
  events: { event: string; ts: number; properties: string }[];
  /** How many events of each name the samples are taken from. */
  names: { event: string; events: number }[];
  /** The time of the oldest event among which samples were taken, epoch ms; null without events. */
  from: number | null;
}

/** Reads of what there is, for people who look around: bounded, whatever the archive holds. */
export interface EventSamples {
  /** The first and the last pane of each group of a metric version, of at most `limit` groups. */
  readSpans(of: { metric: string; version: number; limit: number }): Promise<NameSpan[]>;
  /** Copies of an event may count more than once. */
  readSample(query: SampleQuery): Promise<EventSample>;
}
