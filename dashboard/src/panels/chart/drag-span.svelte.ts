import type { ChosenSpan } from '../../charts/draw/choose-span.ts';
import type { Plot } from '../../charts/plot.ts';

/** A time that is being chosen in a plot by drawing over it. */
export interface DraggedSpan {
  /** Null while nothing is chosen. */
  readonly span: ChosenSpan | null;
  /** Takes every pointer event of the plot; returns whether it was part of a choice. */
  take(event: PointerEvent): boolean;
  /** Lets go of what is chosen so far. */
  cancel(): void;
}

/** CSS pixels below which a press is none. */
const LEAST = 4;

/** A mouse or pen draws from one end to the other. Two fingers are at both ends, since one finger scrolls and reads. */
export function followDrag(
  readPlot: () => Plot | null,
  choose: (from: number, to: number) => void,
): DraggedSpan {
  let span = $state.raw<ChosenSpan | null>(null);
  /** Where each pointer began and is, by its number, CSS pixels. */
  const held = new Map<number, { began: number; x: number }>();
  /** Fingers that are still down after a choice that they were part of: they do nothing more. */
  const spent = new Set<number>();

  function cancel(): void {
    held.clear();
    span = null;
  }

  function down(event: PointerEvent): void {
    if (event.pointerType !== 'touch' && event.button !== 0) return;
    held.set(event.pointerId, { began: event.offsetX, x: event.offsetX });
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  }

  function move(event: PointerEvent): void {
    const pointer = held.get(event.pointerId);
    if (pointer === undefined) return;
    pointer.x = event.offsetX;
    const [first, second] = [...held.values()];
    const isTouch = event.pointerType === 'touch';
    if (isTouch && second === undefined) return;
    const ends: [number, number] = isTouch ? [first!.x, second!.x] : [pointer.began, pointer.x];
    if (span !== null || Math.abs(ends[0] - ends[1]) >= LEAST)
      span = readPlot()?.spanBetween(...ends) ?? null;
  }

  return {
    get span() {
      return span;
    },
    take(event) {
      const was = span !== null;
      const isOver = event.type === 'pointerup' || event.type === 'pointercancel';
      if (spent.has(event.pointerId)) {
        if (isOver) spent.delete(event.pointerId);
        return true;
      }
      if (isOver && was) for (const other of held.keys()) if (other !== event.pointerId) spent.add(other);
      if (event.type === 'pointerdown') down(event);
      else if (event.type === 'pointermove') move(event);
      else if (event.type === 'pointercancel') cancel();
      else if (event.type === 'pointerup' && held.has(event.pointerId)) {
        const chosen = span;
        cancel();
        if (chosen !== null) choose(chosen.from, chosen.to);
      }
      return was || span !== null;
    },
    cancel,
  };
}
