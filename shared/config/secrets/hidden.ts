import { CLIENT_PROPERTIES } from '../known/client-properties.ts';

const TELLING = /password|passphrase|secret|credential|jaas|token|private|keystore\.key$/i;

/** A key of AWS ARNs, which may be shown. */
const ARN = /\.arn$/;

/** What messages show instead of a secret. */
export const HIDDEN = '(hidden)';

/** The value as messages may show it: nothing of a secret's, whether the key is known or only looks like one. */
export function shown(key: string, value: string): string {
  const known = [...CLIENT_PROPERTIES.values()].some(
    ({ name, type }) => type === 'password' && (key === name || key.endsWith(`.${name}`)),
  );
  return known || (TELLING.test(key) && !ARN.test(key)) ? HIDDEN : value;
}
