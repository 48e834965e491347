import { SecretUnavailableError } from '../config/errors.ts';
import { parseProperties } from '../config/properties.ts';
import { readProviders } from '../config/secrets/providers.ts';
import { describeReference, type Resolve } from '../config/secrets/reference.ts';
import type { Settings } from '../config/setting.ts';
import { referencesNeeded } from '../config/substitute.ts';

const BROKERS = /(?:^|\.)bootstrap\.servers$/;
const STAND_IN = 'not-looked-up';

/**
 * Looks nothing up that stands for brokers alone: who asks no cluster is to have an answer also while their addresses
 * cannot be had.
 */
export function withoutBrokers(text: string, resolve: Resolve): Resolve {
  const all = parseProperties(text).properties.map((property) => [property.key, property] as const);
  const providers = readProviders(new Map(all));
  const needed = (settings: Settings) => new Set(referencesNeeded(settings, providers).map(describeReference));
  const brokers = all.filter(([key]) => BROKERS.test(key));
  const elsewhere = needed(new Map(all.filter(([key]) => !BROKERS.test(key))));
  const inBrokers = needed(new Map(brokers));
  const wholeValues = needed(new Map(brokers.filter(([, { value }]) => /^\s*\$\{[^}]*\}\s*$/.test(value))));
  return async (reference) => {
    const written = describeReference(reference);
    if (!inBrokers.has(written) || elsewhere.has(written)) return resolve(reference);
    return wholeValues.has(written) ? `${STAND_IN}:9092` : STAND_IN;
  };
}

/** Gives up after a while: the clients of AWS would wait for minutes for a region that is gone. */
export function withDeadline(resolve: Resolve, deadlineMs: number): Resolve {
  return async (reference) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new SecretUnavailableError(reference, `no answer within ${deadlineMs / 1_000} s`);
      timer = setTimeout(() => reject(error), deadlineMs);
    });
    try {
      return await Promise.race([resolve(reference), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
