import kafkajs from 'kafkajs';
import type { ClusterAddress } from '../region/addresses.ts';

/** A client of a local cluster, which says nothing. @param servers `host:port`, comma-separated */
export function kafkaAt(servers: string, clientId = 'operator'): kafkajs.Kafka {
  return new kafkajs.Kafka({ clientId, brokers: servers.split(','), logLevel: kafkajs.logLevel.NOTHING });
}

/** How an application reaches a cluster: where it is secured, as the user who may do what ACLs allow. */
export function configOf({ bootstrapServers, secured }: ClusterAddress): kafkajs.KafkaConfig {
  const user = secured?.users[0];
  if (secured === undefined || user === undefined) return { brokers: bootstrapServers.split(',') };
  return {
    brokers: secured.saslBootstrapServers.split(','),
    ssl: { ca: secured.certificateAuthority },
    sasl: { mechanism: 'scram-sha-512', ...user },
  };
}

/** What `work` comes to with an admin client, which is closed after it. */
export async function withAdmin<T>(servers: string, work: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const admin = kafkaAt(servers).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
