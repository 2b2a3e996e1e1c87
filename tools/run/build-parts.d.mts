/** Builds the dashboard and the SDK for browsers, each unless its output was made from these very sources. */
export function buildWhatIsOld(): Promise<void>;
