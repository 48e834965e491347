import type { Report } from '../report.ts';
import { parseJaas } from '../security/jaas.ts';
import type { Setting, Settings } from '../setting.ts';
import { CLEAR_TEXT } from './literal.ts';
import { isReference, type ProviderKind, parseReferences } from './reference.ts';

const SECRET = /(?:^|\.)(?:ssl\.(?:key|keystore|truststore)\.password|ssl\.keystore\.key)$/;
const LOGIN = /(?:^|\.)sasl\.jaas\.config$/;

/** Warns of secrets in clear text that no client was read with: whoever reads the file has them all the same. */
export function warnOfUnusedSecrets(
  written: Settings,
  providers: ReadonlyMap<string, ProviderKind>,
  report: Report,
): void {
  for (const setting of written.values()) {
    const secret = secretIn(setting);
    if (secret === undefined || secret === '') continue;
    if (report.saidOf(setting).some((said) => said.startsWith(CLEAR_TEXT))) continue;
    if (parseReferences(secret, providers).some((part) => typeof part !== 'string' && isReference(part))) continue;
    report.warn(setting, `${CLEAR_TEXT}, and nothing here uses it: take it out of the file`);
  }
}

function secretIn({ key, value }: Setting): string | undefined {
  if (SECRET.test(key)) return value.trim();
  if (!LOGIN.test(key)) return undefined;
  const jaas = parseJaas(value);
  return jaas === undefined ? value.trim() : jaas.options.get('password');
}
