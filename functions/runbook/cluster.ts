import { resolveSecret } from '../../shared/adapters/aws/secrets.ts';
import type { KafkaCluster } from '../../shared/adapters/kafka/cluster.ts';
import { connectCluster } from '../../shared/adapters/kafka/connect.ts';
import { ConsumerGroups } from '../../shared/adapters/kafka/groups/consumer-groups.ts';
import { GroupCoordinators } from '../../shared/adapters/kafka/groups/coordinators.ts';
import { activeProducers } from '../../shared/adapters/kafka/runbook/active-producers.ts';
import { deleteGroups } from '../../shared/adapters/kafka/runbook/delete-groups.ts';
import { groupMembers } from '../../shared/adapters/kafka/runbook/group-members.ts';
import { probeBrokers } from '../../shared/adapters/kafka/runbook/probe-brokers.ts';
import { recordDigests } from '../../shared/adapters/kafka/runbook/record-digests.ts';
import { roundTrip } from '../../shared/adapters/kafka/runbook/round-trip.ts';
import { stableEnds } from '../../shared/adapters/kafka/runbook/stable-ends.ts';
import { transactionalIds } from '../../shared/adapters/kafka/runbook/transactional-ids.ts';
import { createTopicAcls, deleteTopicAcls, describeTopicAcls } from '../../shared/adapters/kafka/topic-acls.ts';
import { lazily } from '../../shared/adapters/lazily.ts';
import type { FlowEnd } from '../../shared/config/flow-schema.ts';
import type { PartitionHealth, RunbookCluster } from '../../shared/runbook/ports/cluster.ts';
import type { RunbookSide } from '../../shared/runbook/ports/ports.ts';

const CLIENT_ID = 'causeway-runbook';
/** A broker answers such questions in milliseconds; one that has not by then is not waited for. */
const PROBE_TIMEOUT_MS = 2_500;
const TIMEOUT_MS = 5_000;

/** One end of a flow, with the clients that its stages use. */
export interface ConnectedSide extends RunbookSide {
  /** The client that looks after groups and topics. */
  readonly admin: () => Promise<KafkaCluster>;
  /** The client that reads and writes. */
  readonly data: () => Promise<KafkaCluster>;
}

const inTime = () => AbortSignal.timeout(TIMEOUT_MS);

/** Connects to nothing yet. Names what is written to the canary topic by this invocation. */
export function connectSide(end: FlowEnd): ConnectedSide {
  const admin = lazily(() => connectCluster(end, end.admin, resolveSecret, CLIENT_ID));
  const data = lazily(() => connectCluster(end, end.data, resolveSecret, CLIENT_ID));
  const groups = lazily(async () => new ConsumerGroups(await admin(), { toOffset: Number, timeoutMs: TIMEOUT_MS }));
  const coordinators = lazily(async () => new GroupCoordinators(await admin(), []));
  const cluster: RunbookCluster = {
    alias: end.alias,
    probe: () =>
      probeBrokers(
        (server) => connectCluster(end, { ...end.admin, bootstrapServers: [server] }, resolveSecret, CLIENT_ID),
        end.admin.bootstrapServers,
        PROBE_TIMEOUT_MS,
      ),
    health: async (topics) => healthOf(await admin(), topics),
    ends: async (partitions) => (await groups()).logs(partitions),
    stableEnds: async (partitions) => stableEnds(await admin(), partitions, TIMEOUT_MS),
    producers: async (partitions) => activeProducers(await admin(), partitions, TIMEOUT_MS),
    transactionalIds: async () => transactionalIds(await admin(), TIMEOUT_MS),
    records: async (place, from, most) => recordDigests(await data(), place, from, most, TIMEOUT_MS),
    roundTrip: async (text) => roundTrip({ admin: await admin(), data: await data() }, CLIENT_ID, text, TIMEOUT_MS),
  };
  return {
    admin,
    data,
    cluster,
    acls: {
      acls: async () => describeTopicAcls(await admin(), inTime()),
      createAcls: async (bindings) => createTopicAcls(await admin(), bindings, inTime()),
      deleteAcls: async (bindings) => deleteTopicAcls(await admin(), bindings, inTime()),
    },
    groups: {
      list: async () => (await groups()).list(),
      committed: async (ids) => (await groups()).committed(ids),
      commit: async (offsets) => (await groups()).commit(offsets),
      members: async (asked) => groupMembers(await coordinators(), asked, TIMEOUT_MS),
      remove: async (ids) => deleteGroups(await coordinators(), ids, TIMEOUT_MS),
    },
  };
}

async function healthOf(
  cluster: KafkaCluster,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly PartitionHealth[]>> {
  const { topics } = await cluster.metadata(names, AbortSignal.timeout(TIMEOUT_MS));
  return new Map(
    [...topics].map(([name, { partitions }]) => [
      name,
      [...partitions.values()].map(({ partition, leader, replicas, inSyncReplicas }) => {
        return { partition, leader: leader < 0 ? undefined : leader, replicas, inSync: inSyncReplicas };
      }),
    ]),
  );
}
