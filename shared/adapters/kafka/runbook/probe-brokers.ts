import { CausewayError } from '../../../flow/errors.ts';
import type { BrokerProbe } from '../../../runbook/ports/cluster.ts';
import { addressOf } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster.ts';
import { deepestMessage } from '../failure.ts';

/** A client that knows one broker only, so that no other answers in its place. */
export type ConnectTo = (server: string) => Promise<KafkaCluster>;

/**
 * Asks every bootstrap server by itself for metadata, then every broker that one of them lists. One that takes the
 * connection and answers nothing is told as one that does not answer, after `timeoutMs`.
 */
export async function probeBrokers(
  connect: ConnectTo,
  bootstrapServers: readonly string[],
  timeoutMs: number,
): Promise<readonly BrokerProbe[]> {
  const first = await Promise.all(bootstrapServers.map((server) => probe(connect, server, timeoutMs)));
  const known = new Set(bootstrapServers);
  const listed = new Set(first.flatMap(({ lists }) => lists).filter((server) => !known.has(server)));
  const others = await Promise.all([...listed].map((server) => probe(connect, server, timeoutMs)));
  return [...first, ...others].map(({ lists, ...answer }) => answer);
}

async function probe(
  connect: ConnectTo,
  broker: string,
  timeoutMs: number,
): Promise<BrokerProbe & { readonly lists: readonly string[] }> {
  const began = Date.now();
  let cluster: KafkaCluster | undefined;
  try {
    cluster = await connect(broker);
    const { brokers } = await cluster.metadata([], AbortSignal.timeout(timeoutMs));
    const lists = [...brokers.values()].map(addressOf);
    return { broker, answers: true, tookMs: Date.now() - began, because: undefined, lists };
  } catch (error) {
    const because = error instanceof CausewayError ? error.message : deepestMessage(error);
    return { broker, answers: false, tookMs: Date.now() - began, because, lists: [] };
  } finally {
    // Not waited for: a connection that is still being opened ends only with its own time-out.
    cluster?.close().catch(() => {});
  }
}
