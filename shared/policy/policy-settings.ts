import { z } from 'zod';
import { defaultPolicy } from './default-policy.ts';
import { identityPolicy } from './identity-policy.ts';
import { patternPolicy } from './pattern-policy.ts';
import type { ReplicationPolicy } from './replication-policy.ts';

const separators = {
  separator: z.string().min(1),
  /** Between the parts of internal topics' names; `.` when they are to keep it although the separator differs. */
  internalSeparator: z.string().min(1),
};

/** Which replication policy a flow uses, as JSON. */
export const policySettingsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('default'), ...separators }),
  z.object({ kind: z.literal('identity'), source: z.string(), ...separators }),
  z.object({ kind: z.literal('pattern'), pattern: z.string(), aliases: z.array(z.string()), ...separators }),
]);

export type PolicySettings = z.infer<typeof policySettingsSchema>;

/** @throws NamePatternRefusal */
export function policyFor(settings: PolicySettings): ReplicationPolicy {
  const { separator, internalSeparator } = settings;
  switch (settings.kind) {
    case 'default':
      return defaultPolicy(separator, internalSeparator);
    case 'identity':
      return identityPolicy(settings.source, separator, internalSeparator);
    case 'pattern':
      return patternPolicy(settings.pattern, settings.aliases, internalSeparator);
  }
}
