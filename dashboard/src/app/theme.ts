import { keep, readKept } from './local-storage.ts';

export type Theme = 'ink' | 'paper';
const KEY = 'theme';

/** The kept choice, else what the system prefers. */
export function initialTheme(fromUrl: Theme | null): Theme {
  const kept = fromUrl ?? readKept(KEY);
  if (kept === 'ink' || kept === 'paper') return kept;
  return matchMedia('(prefers-color-scheme: light)').matches ? 'paper' : 'ink';
}

export const showTheme = (theme: Theme): void => {
  document.documentElement.dataset.theme = theme;
};

export const keepTheme = (theme: Theme): void => keep(KEY, theme);
