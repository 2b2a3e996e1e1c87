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
