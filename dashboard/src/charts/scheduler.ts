/** Something that is drawn on the page. */
export interface Drawable {
  /** Whether it can be seen; what cannot is never drawn. */
  visible: boolean;
  /** Whether the next draw lays out again; at most three of those happen in one frame. */
  structural(): boolean;
  draw(): void;
  /** The frame with the last draw is on the screen. */
  painted?(): void;
}

export interface Scheduler {
  add(drawable: Drawable): () => void;
  /** Asks for one frame; any number of calls before it share it. */
  wake(): void;
  /** Duration of the newest frame, script and raster, ms; null before the first. */
  readonly frameTime: number | null;
  close(): void;
}

const STRUCTURAL_PER_FRAME = 3;
/** How often the page looks whether the now edge has moved on. */
const STEP = 200;

/** One animation frame loop for all panels. It rests between steps and in a hidden tab. */
export function createScheduler(): Scheduler {
  const drawables = new Set<Drawable>();
  let requested = 0;
  let frameTime: number | null = null;

  function frame(): void {
    requested = 0;
    const begun = performance.now();
    let structural = 0;
    let again = false;
    const drawn: Drawable[] = [];
    for (const drawable of drawables) {
      if (!drawable.visible) continue;
      if (drawable.structural() && ++structural > STRUCTURAL_PER_FRAME) {
        again = true;
        continue;
      }
      drawable.draw();
      drawn.push(drawable);
    }
    afterPaint(() => {
      frameTime = performance.now() - begun;
      for (const drawable of drawn) drawable.painted?.();
    });
    if (again) wake();
  }

  function wake(): void {
    if (requested === 0 && !document.hidden) requested = requestAnimationFrame(frame);
  }

  const timer = setInterval(wake, STEP);
  document.addEventListener('visibilitychange', wake);
  return {
    add(drawable) {
      drawables.add(drawable);
      wake();
      return () => drawables.delete(drawable);
    },
    wake,
    get frameTime() {
      return frameTime;
    },
    close() {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', wake);
      if (requested !== 0) cancelAnimationFrame(requested);
    },
  };
}

const waiting: (() => void)[] = [];
let channel: MessageChannel | null = null;

/** Runs `then` in the first task after the frame under way: raster runs after the script, so only now is it on the screen. */
export function afterPaint(then: () => void): void {
  waiting.push(then);
  if (channel === null) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => {
      for (const call of waiting.splice(0)) call();
    };
  }
  if (waiting.length === 1) channel.port2.postMessage(null);
}
