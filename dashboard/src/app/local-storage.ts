/** What the browser keeps for this page; null where it keeps nothing or storage is switched off. */
export function readKept(key: string): string | null {
  try {
    return localStorage.getItem(`millrace.${key}`);
  } catch {
    return null;
  }
}

/** Keeps a choice where the browser allows it; a page without storage only forgets it. */
export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`millrace.${key}`, value);
  } catch (error) {
    console.info(`The choice of ${key} is not saved: storage is switched off.`, error);
  }
}
