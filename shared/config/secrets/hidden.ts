/** Names of secrets, known or only looking like one: a misspelt key may well have a password after it. */
const TELLING = /password|passphrase|secret|credential|jaas|token|private|keystore\.key$/i;
/** Names of where a secret is, which may be shown. */
const PLACE = /\.(?:arn|url|class)$/i;

/** What messages show instead of a secret. */
export const HIDDEN = '(hidden)';

/** The value as messages may show it. */
export function shown(key: string, value: string): string {
  return TELLING.test(key) && !PLACE.test(key) ? HIDDEN : value;
}
