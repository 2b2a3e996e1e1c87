import type { FrameView, ViewContents } from '#contracts/view/frame.ts';
import type { Refusal } from '#contracts/view/protocol.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import type { ViewListener } from '../types.ts';
import { countsOf } from './count-view.ts';

/** A subscriber that records what it receives. */
export interface Recorder extends ViewListener {
  contents: ViewContents | null;
  changes: (FrameView | null)[];
  infos: ViewInfo[];
  refusals: Refusal[];
  counts(): Record<number, number | null>;
}

export function createRecorder(): Recorder {
  const recorder: Recorder = {
    contents: null,
    changes: [],
    infos: [],
    refusals: [],
    onChange(contents, change) {
      recorder.contents = contents;
      recorder.changes.push(change);
    },
    onInfo: (info) => void recorder.infos.push(info),
    onRefused: (refusal) => void recorder.refusals.push(refusal),
    counts: () => (recorder.contents === null ? {} : countsOf(recorder.contents)),
  };
  return recorder;
}
