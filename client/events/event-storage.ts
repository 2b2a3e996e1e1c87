/** As much of the browser's `Storage` as is needed. It may throw, such as when it is full. */
export interface EventStorage {
  getItem(name: string): string | null;
  setItem(name: string, text: string): void;
  removeItem(name: string): void;
}
