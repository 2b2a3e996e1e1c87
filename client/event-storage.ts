/** As much of `Storage` as is needed. It may throw, such as when it is full. */
export type EventStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
