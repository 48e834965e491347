import { CLUSTER_PROPERTIES, FLOW_PROPERTIES } from './known/causeway-properties.ts';
import { CLIENT_PROPERTIES } from './known/client-properties.ts';
import { CONNECTOR_PROPERTIES, FLOW_ONLY_PROPERTIES } from './known/connector-properties.ts';
import { DRIVER_PROPERTIES } from './known/driver-properties.ts';
import { WORKER_PROPERTIES } from './known/worker-properties.ts';
import { describeMissing, foundValue, type LookedUp } from './lookup.ts';
import type { Report } from './report.ts';
import { isLocal, isReference, type ProviderKind, parseReferences, type SecretReference } from './secrets/reference.ts';
import { parseJaas } from './security/jaas.ts';
import type { Setting, Settings } from './setting.ts';

const TABLES = [
  ...[DRIVER_PROPERTIES, CONNECTOR_PROPERTIES, FLOW_ONLY_PROPERTIES, FLOW_PROPERTIES],
  ...[CLUSTER_PROPERTIES, CLIENT_PROPERTIES, WORKER_PROPERTIES],
];

/** Properties that are read and hold no secret. */
const PLAIN = new Set(
  TABLES.flatMap((table) => [...table.values()])
    .filter(({ type, status }) => type !== 'password' && status !== 'not-applicable')
    .map(({ name }) => name),
);

/** Kafka calls them passwords; they are shown to everybody who connects. */
const CERTIFICATES = ['ssl.truststore.certificates', 'ssl.keystore.certificate.chain'];

const is = (key: string, name: string) => key === name || key.endsWith(`.${name}`);

/**
 * Whether references under `key` are left as they are: to be looked up by who connects, or by nobody. A secret may well
 * stand after a key that is misspelt.
 */
function staysReferred(key: string): boolean {
  const names = key.split('.').map((_, index, pieces) => pieces.slice(index).join('.'));
  return !names.some((name) => PLAIN.has(name));
}

/** What of a value that stays referred is no secret: certificates and user names. */
function notSecret({ key, value }: Setting): string {
  if (CERTIFICATES.some((name) => is(key, name))) return value;
  return is(key, 'sasl.jaas.config') ? (parseJaas(value)?.options.get('username') ?? '') : '';
}

/**
 * References to look up when the file is read: in broker addresses, lists of topics and so on, whatever they refer to; in
 * certificates and user names, those that functions could not look up.
 */
export function referencesNeeded(file: Settings, providers: ReadonlyMap<string, ProviderKind>): SecretReference[] {
  const within = (value: string) => parseReferences(value, providers).filter(isReference);
  return [...file.values()].flatMap((setting) =>
    staysReferred(setting.key) ? within(notSecret(setting)).filter(isLocal) : within(setting.value),
  );
}

/** Puts looked-up values in place of references; a provider that the file does not name leaves its text, as in Java. */
export function substitute(
  file: Settings,
  providers: ReadonlyMap<string, ProviderKind>,
  found: LookedUp,
  report: Report,
): Map<string, Setting> {
  return new Map([...file].map(([key, setting]) => [key, staysReferred(key) ? setting : replaced(setting)]));

  function replaced(setting: Setting): Setting {
    if (!setting.value.includes('${')) return setting;
    const texts = parseReferences(setting.value, providers).map((part) => {
      if (typeof part === 'string') return part;
      if (!isReference(part)) return `\${${part.unknown}:${part.rest}}`;
      const value = foundValue(part, found);
      if (value === undefined) report.unread(setting, describeMissing(part, found));
      return value ?? '';
    });
    return { ...setting, value: texts.join('') };
  }
}
