/** Builds the package `millrace-client` and packs it into a folder; resolves with the path of the tarball. */
export function packClient(folder: string): Promise<string>;
