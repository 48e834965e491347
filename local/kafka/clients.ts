import kafkajs from 'kafkajs';

/** A client of a local cluster, which says nothing. @param servers `host:port`, comma-separated */
export function kafkaAt(servers: string, clientId = 'operator'): kafkajs.Kafka {
  return new kafkajs.Kafka({ clientId, brokers: servers.split(','), logLevel: kafkajs.logLevel.NOTHING });
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
