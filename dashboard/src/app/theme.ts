export type Theme = 'ink' | 'paper';
const KEY = 'millrace.theme';

/** The kept choice, else what the system prefers. */
export function initialTheme(fromUrl: Theme | null): Theme {
  const kept = fromUrl ?? readKept();
  if (kept !== null) return kept;
  return matchMedia('(prefers-color-scheme: light)').matches ? 'paper' : 'ink';
}

export const showTheme = (theme: Theme): void => {
  document.documentElement.dataset.theme = theme;
};

/** Keeps the choice where the browser allows it; a page without storage only forgets it. */
export function keepTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch (error) {
    console.info('The theme is not kept: storage is switched off.', error);
  }
}

function readKept(): Theme | null {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'ink' || kept === 'paper' ? kept : null;
  } catch {
    return null;
  }
}
