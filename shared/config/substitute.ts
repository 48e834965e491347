import { CLIENT_PROPERTIES } from './known/client-properties.ts';
import type { Report } from './report.ts';
import {
  describeReference,
  isReference,
  type ProviderKind,
  parseReferences,
  type SecretReference,
} from './secrets/reference.ts';
import type { Setting, Settings } from './setting.ts';

/** Values looked up beforehand, by the reference as `describeReference` writes it. */
export type Resolved = ReadonlyMap<string, string>;

/** Keys whose references stay references: what they refer to is looked up by who connects. */
function staysReferred(key: string): boolean {
  return [...CLIENT_PROPERTIES.values()].some(
    ({ name, type }) => type === 'password' && (key === name || key.endsWith(`.${name}`)),
  );
}

/** References in values that are needed now: broker addresses, lists of topics and so on. */
export function referencesNeeded(file: Settings, providers: ReadonlyMap<string, ProviderKind>): SecretReference[] {
  return [...file.values()]
    .filter(({ key }) => !staysReferred(key))
    .flatMap(({ value }) => parseReferences(value, providers).filter(isReference));
}

/** Puts looked-up values in place of references; a provider that the file does not name leaves its text, as in Java. */
export function substitute(
  file: Settings,
  providers: ReadonlyMap<string, ProviderKind>,
  resolved: Resolved,
  report: Report,
): Map<string, Setting> {
  return new Map([...file].map(([key, setting]) => [key, staysReferred(key) ? setting : replaced(setting)]));

  function replaced(setting: Setting): Setting {
    if (!setting.value.includes('${')) return setting;
    const texts = parseReferences(setting.value, providers).map((part) => {
      if (typeof part === 'string') return part;
      if (!isReference(part)) return `\${${part.unknown}:${part.rest}}`;
      const found = resolved.get(describeReference(part));
      if (found === undefined) report.fault(setting, `${describeReference(part)} to be found: it is needed now`);
      return found ?? '';
    });
    return { ...setting, value: texts.join('') };
  }
}
