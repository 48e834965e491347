import { NamePatternRefusal } from '../policy/pattern-policy.ts';
import { type PolicySettings, policyFor } from '../policy/policy-settings.ts';
import type { Report } from './report.ts';
import type { SettingReader } from './setting-reader.ts';

const IDENTITY = /(?:^|\.)IdentityReplicationPolicy$/;
const DEFAULT = /(?:^|\.)DefaultReplicationPolicy$/;
const LEGAL = /^[a-zA-Z0-9._-]+$/;

/** Reads `replication.policy.*` and `causeway.replication.policy.pattern` of a flow. */
export function readPolicy(
  read: SettingReader,
  source: string,
  aliases: readonly string[],
  report: Report,
): PolicySettings {
  const separators = readSeparators(read, report);
  const className = read.text('replication.policy.class') ?? '';
  const classAt = read.at('replication.policy.class');
  const patternAt = read.at('causeway.replication.policy.pattern');
  const pattern = read.text('causeway.replication.policy.pattern');
  if (pattern !== undefined && patternAt !== undefined) {
    if (classAt !== undefined)
      report.warn(classAt, `causeway.replication.policy.pattern (line ${patternAt.line}) names the topics instead`);
    const settings: PolicySettings = { kind: 'pattern', pattern, aliases: [...aliases], ...separators };
    try {
      policyFor(settings);
      return settings;
    } catch (error) {
      if (!(error instanceof NamePatternRefusal)) throw error;
      report.fault(patternAt, `a pattern that leads back to source and topic: ${error.message}`);
    }
  }
  const separatorAt = read.at('replication.policy.separator');
  if (IDENTITY.test(className)) return { kind: 'identity', source, ...separators };
  if (!DEFAULT.test(className) && classAt !== undefined)
    report.fault(
      classAt,
      'DefaultReplicationPolicy or IdentityReplicationPolicy of org.apache.kafka.connect.mirror; ' +
        'a class of your own can be written as causeway.replication.policy.pattern = replica-{source}-{topic}',
    );
  if (separatorAt?.value.trim() === '')
    report.fault(separatorAt, 'a separator: with none, copies cannot be told apart');
  return { kind: 'default', ...separators };
}

function readSeparators(read: SettingReader, report: Report): { separator: string; internalSeparator: string } {
  const at = read.at('replication.policy.separator');
  const written = at?.value.trim();
  if (at !== undefined && written === '')
    report.warn(at, 'an empty separator cannot be found again in a name: "." is used, where the policy uses any');
  else if (at !== undefined && !LEGAL.test(written ?? ''))
    report.fault(at, 'letters, digits, ".", "_" or "-", which is all that a broker takes in names');
  const separator = written || '.';
  const everywhere = read.boolean('replication.policy.internal.topic.separator.enabled');
  return { separator, internalSeparator: everywhere ? separator : '.' };
}
