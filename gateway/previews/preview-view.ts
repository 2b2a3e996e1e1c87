import type { FrameView } from '#contracts/view/frame.ts';
import type { PreviewNotes } from '#contracts/view/preview-result.ts';
import type { Timeline } from '#contracts/view/timeline.ts';
import { type View, viewText } from '#contracts/view/view.ts';
import { VIEW_BYTES } from '../core/hot/byte-estimates.ts';
import type { Steps } from '../core/steps.ts';
import type { OpenView } from '../core/view/live-view.ts';
import { ViewRange } from '../core/view/view-range.ts';
import { keyOf } from '../core/view/view-source.ts';
import { idOfText } from '../views/view-id.ts';
import { PreviewTable } from './preview-table.ts';
import { UNSAVED } from './read-preview.ts';

/** Of one that has no answer yet. */
const NOTHING: PreviewNotes = {
  complete: false,
  progress: 0,
  evaluated: null,
  events: null,
  cost: null,
  similar: [],
};

/** A view of a definition that is not saved, as its readers have it: what was evaluated last, and what is known beside it. */
export class PreviewView implements OpenView {
  readonly id: string;
  readonly key: string;
  readonly version = UNSAVED;
  readonly request: View;
  readonly top = null;
  readonly parts = [];
  /** Which windows its groups were ranked in is known by each evaluation alone. */
  readonly earlierTimeline: Timeline | null = null;
  /** What another gateway has evaluated is of another moment. */
  readonly isResumable = false;
  readonly range: ViewRange;
  readonly table: PreviewTable;
  readonly outputs: number;
  floor: number | null = null;
  /** Partitions that were evaluated. */
  partitions = 1;
  #notes = NOTHING;
  #notesMark = -1;

  constructor(request: View, outputs: number) {
    this.request = request;
    this.id = idOfText(viewText(request));
    this.key = keyOf(request, UNSAVED);
    this.range = new ViewRange(request);
    this.outputs = outputs;
    const head = { view: this.id, version: UNSAVED };
    this.table = new PreviewTable(head, { outputs, keepsTotal: request.groupBy.length === 0 });
  }

  isOf(): boolean {
    return false;
  }

  get notes(): PreviewNotes {
    return this.#notes;
  }

  /** Replaces what is known beside the values, as of `mark`. */
  note(notes: PreviewNotes, mark: number): void {
    if (JSON.stringify(notes) === JSON.stringify(this.#notes)) return;
    this.#notes = notes;
    this.#notesMark = mark;
  }

  get isSettled(): boolean {
    return this.floor !== null;
  }

  get start(): number {
    return this.table.start;
  }

  get end(): number {
    return this.table.end;
  }

  get asOf(): number | null {
    return this.table.asOf;
  }

  get watermark(): number | null {
    return this.table.watermark;
  }

  get filled(): { done: number; of: number } {
    return { done: this.partitions, of: this.partitions };
  }

  get changedAt(): number {
    return Math.max(this.table.changedAt, this.#notesMark);
  }

  get windowsChangedAt(): number {
    return this.table.windowsChangedAt;
  }

  get bytes(): number {
    return VIEW_BYTES + this.table.bytes;
  }

  get cells(): number {
    return this.table.cells;
  }

  get groups(): number {
    return this.table.groups;
  }

  *prepare(): Steps {}

  *compute(): Steps {}

  *changesSince(cursor: number, isListed = false): Steps<FrameView> {
    const change = yield* this.table.since(cursor, isListed);
    return {
      ...change,
      ...(change.members === undefined ? {} : { filled: this.filled }),
      ...(isListed || this.#notesMark > cursor ? { preview: this.#notes } : {}),
    };
  }

  *snapshot(): Steps<FrameView> {
    return { ...(yield* this.changesSince(-2, true)), snapshot: true };
  }

  hasNewsFor(cursor: number): boolean {
    return this.windowsChangedAt > cursor;
  }
}
