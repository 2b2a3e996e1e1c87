/** The types of the SDK as one declaration file that imports nothing. */
export function clientTypes(): string;
