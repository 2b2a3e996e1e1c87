import type { ViewWindow } from './view-window.ts';

/** Places that are empty again, for each that is not, before they are closed up. */
const EMPTY = 1;
const LEAST = 64;

/** The windows of a view in the order of their last changes, so that what changed since a cursor is found without looking at the others. */
export class WindowChanges {
  #windows: (ViewWindow | null)[] = [];
  /** By place: the highest mark up to there. */
  #marks: number[] = [];
  #count = 0;

  /** Marks a window as changed as of `mark`. */
  note(window: ViewWindow, mark: number): void {
    if (window.mark === mark && window.place !== null) return;
    window.mark = mark;
    this.forget(window);
    this.#count++;
    if (this.#windows.length > LEAST + (1 + EMPTY) * this.#count) this.#closeUp();
    this.#append(window);
  }

  /** To be called when a window is removed. */
  forget(window: ViewWindow): void {
    if (window.place === null) return;
    this.#windows[window.place] = null;
    window.place = null;
    this.#count--;
  }

  /** Yields the windows that changed since a cursor, the last one first. Nothing may be noted meanwhile. */
  *since(cursor: number): Generator<ViewWindow, void> {
    for (let place = this.#windows.length - 1; place >= 0 && this.#marks[place]! > cursor; place--) {
      const window = this.#windows[place]!;
      if (window !== null && window.mark > cursor) yield window;
    }
  }

  #append(window: ViewWindow): void {
    window.place = this.#windows.push(window) - 1;
    this.#marks.push(Math.max(window.mark, this.#marks.at(-1) ?? window.mark));
  }

  #closeUp(): void {
    const windows = this.#windows;
    this.#windows = [];
    this.#marks = [];
    for (const window of windows) if (window !== null) this.#append(window);
  }
}
