import type { ChartLayout } from '../axis/chart.ts';

/** The static picture of a sparkline: ground and a base line; no axes, so no chart library. */
export function createSparkLayout(): ChartLayout {
  const picture = document.createElement('canvas');
  return {
    picture,
    update({ width, height, ratio, inks }) {
      picture.width = Math.round(width * ratio);
      picture.height = Math.round(height * ratio);
      const context = picture.getContext('2d')!;
      context.scale(ratio, ratio);
      context.fillStyle = inks.ground;
      context.fillRect(0, 0, width, height);
      context.fillStyle = inks.rule;
      context.fillRect(0, height - 1, width, 1);
      return { left: 0, right: Math.floor(width) - 1, top: 2, bottom: Math.floor(height) - 2 };
    },
    destroy() {},
  };
}
