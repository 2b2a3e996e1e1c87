/** An address as it may be shown: without user, password and query, wherever in the text they are. */
export const withoutCredentials = (address: string): string =>
  address.replace(/[?#].*$/s, '').replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1');
