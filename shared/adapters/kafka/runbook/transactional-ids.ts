import type { KafkaCluster } from '../cluster.ts';
import { unlessAborted } from '../deadline.ts';
import { failureCode } from '../groups/failure-code.ts';
import { runbookApis } from './apis.ts';

const ANY_DURATION = -1n;

/**
 * Transactional ids by producer id, from every broker that coordinates some. Those of brokers that do not answer are
 * missing: they serve to name a producer, not to find one.
 * @throws CausewayError when no broker tells metadata
 */
export async function transactionalIds(cluster: KafkaCluster, timeoutMs: number): Promise<ReadonlyMap<string, string>> {
  const signal = AbortSignal.timeout(timeoutMs);
  const { brokers } = await cluster.metadata([], signal);
  const ids = new Map<string, string>();
  const asking = [...brokers.keys()].map(async (broker) => {
    const listed = cluster
      .connectionTo(broker)
      .then((connection) => connection.call(runbookApis.listTransactions, [], [], ANY_DURATION, null));
    const states = await unlessAborted(listed, signal).then(
      ({ transactionStates }) => transactionStates,
      (error: unknown) => {
        // Whatever is no answer of a broker is thrown on.
        failureCode(error);
        return [];
      },
    );
    for (const { producerId, transactionalId } of states) ids.set(String(producerId), transactionalId);
  });
  await Promise.all(asking);
  return ids;
}
