import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterAddress, SecuredAddress } from '../../../local/region/addresses.ts';
import type { Secret } from './secret.ts';

export const TOPIC = 'orders';

/** One end of the flow: its brokers, what its user is, and the secret in which functions and pollers look for it. */
export interface End {
  readonly cluster: ClusterAddress;
  readonly secured: SecuredAddress;
  readonly username: string;
  readonly secret: Secret;
}

/**
 * The flow's properties file: the source by ARNs, which Lambda's pollers need; the target by names, and its brokers from a
 * file in `folder`.
 */
export function configurationOf(source: End, target: End, folder: string): string {
  const brokers = join(folder, 'west.properties');
  writeFileSync(brokers, `brokers = ${target.secured.saslBootstrapServers}\n`);
  const west = (member: string) => `\${secrets:${target.secret.name}:${member}}`;
  return [
    'clusters = us-east, us-west',
    'config.providers = file, secrets',
    'security.protocol = SASL_SSL',
    'sasl.mechanism = SCRAM-SHA-512',
    `us-east.bootstrap.servers = ${source.secured.saslBootstrapServers}`,
    `us-east.causeway.secret.arn = ${source.secret.arn}`,
    `us-east.ssl.truststore.certificates = \${secrets:${source.secret.arn}:certificate}`,
    `us-west.bootstrap.servers = \${file:${brokers}:brokers}`,
    `us-west.sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required username="${west('username')}" password="${west('password')}";`,
    `us-west.ssl.truststore.certificates = ${west('certificate')}`,
    'us-east->us-west.enabled = true',
    `us-east->us-west.topics = ${TOPIC}`,
    'emit.heartbeats.enabled = false',
    'replication.factor = 1',
    'checkpoints.topic.replication.factor = 1',
    'emit.checkpoints.interval.seconds = 1',
    'emit.offset-syncs.enabled = true',
    'offset-syncs.topic.replication.factor = 1',
    'sync.group.offsets.enabled = true',
    // Those of the demo are enough to wait for.
    'causeway.alarms.enabled = false',
    `us-east.causeway.region = ${source.cluster.awsRegion}`,
    `us-west.causeway.region = ${target.cluster.awsRegion}`,
    '',
  ].join('\n');
}
