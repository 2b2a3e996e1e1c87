import type { CrossHair } from '../../charts/draw/cross-hair.ts';
import type { Plot } from '../../charts/plot.ts';

/** Where a plot is read by a mouse or a finger. */
export interface PointerReader {
  /** A mouse reads where it is. A finger reads where it is drawn along, and by a tap; what it only scrolls over it does not. */
  point(event: PointerEvent): void;
  /** Returns the time that a press is at; null outside of the plot. The second tap on one place takes the reading away again. */
  press(event: PointerEvent): number | null;
  /** A finger leaves the plot whenever it is lifted: what it reads stays until it taps elsewhere. */
  leave(event: PointerEvent): void;
  tapElsewhere(event: PointerEvent, box: Node): void;
}

export function createPointerReader(
  crossHair: CrossHair,
  panelId: string,
  readPlot: () => Plot | null,
): PointerReader {
  /** Whether this plot is read by a tap. */
  let tapped = false;
  return {
    point(event) {
      const plot = readPlot();
      if (plot === null || (crossHair.pinned && event.type === 'pointermove')) return;
      if (event.pointerType === 'touch' && event.type === 'pointerdown') return;
      crossHair.set(plot.timeAt(event.offsetX), panelId);
    },
    press(event) {
      const time = readPlot()?.timeAt(event.offsetX) ?? null;
      if (event.pointerType !== 'touch') return time;
      const again = crossHair.source === panelId && crossHair.time === time && tapped;
      crossHair.set(again ? null : time, again ? null : panelId);
      tapped = !again;
      return time;
    },
    leave(event) {
      if (crossHair.pinned || event.pointerType === 'touch') return;
      crossHair.set(null, null);
    },
    tapElsewhere(event, box) {
      if (event.pointerType !== 'touch' || crossHair.source !== panelId) return;
      if (box.contains(event.target as Node)) return;
      tapped = false;
      if (!(event.target as Element).closest('.plot:not(.spark)')) crossHair.set(null, null);
    },
  };
}
