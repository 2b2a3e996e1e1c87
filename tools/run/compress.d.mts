/** Writes `x.br` and `x.gz` beside every text of a built folder: the server sends them as they are, at no cost a request. */
export function compressFolder(folder: string): void;
