/** Times of ticks in ms: the script that applies the data, and the frame after it, script and raster. */
export interface Meter {
  /** A change is about to be delivered; the first of a task begins a tick. */
  tick(): void;
  /** Forgets what was measured. */
  clear(): void;
  read(): { ticks: number[]; longTasks: number };
}

export function createMeter(): Meter {
  let ticks: number[] = [];
  let longTasks = 0;
  let open = false;
  const channel = new MessageChannel();
  let painted = (): void => {};
  // A message after the frame: raster runs after the script.
  channel.port1.onmessage = () => painted();
  new PerformanceObserver((list) => {
    longTasks += list.getEntries().length;
  }).observe({ type: 'longtask' });
  return {
    tick() {
      if (open) return;
      open = true;
      const began = performance.now();
      let script = 0;
      // Microtasks run when the task that updated all panels has ended.
      queueMicrotask(() => {
        script = performance.now() - began;
      });
      requestAnimationFrame(() => {
        const frame = performance.now();
        painted = () => {
          ticks.push(script + performance.now() - frame);
          open = false;
        };
        channel.port2.postMessage(null);
      });
    },
    clear() {
      ticks = [];
      longTasks = 0;
    },
    read: () => ({ ticks, longTasks }),
  };
}
