/** The types of a module of the SDK, `client` by default, as one declaration file that imports nothing. */
export function clientTypes(module?: 'client' | 'query'): string;
