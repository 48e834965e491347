import { messageOf } from '../../flow/errors.ts';
import type { FlowPartition } from '../../flow/flow.ts';
import { sideBySide } from '../../reconcile/side-by-side.ts';
import { MalformedRecordError } from '../../records/errors.ts';
import type { Gap } from '../gap.ts';
import { RepairIntoCopyError } from './errors.ts';
import { withOrigin } from './origin.ts';
import type { RepairPorts } from './ports.ts';
import { remarksOn } from './remarks.ts';
import type { Destination, RepairedRecord, RepairOutcome, RepairPlan, RepairWanted } from './repair.ts';

/** Records that are in memory at a time, each of some megabytes. */
const AT_ONCE = 8;

/**
 * Looks for all that the flow's gap ledger has, and says of each record that was set aside where it would go. Writes nothing.
 * @throws RepairIntoCopyError, and what clusters and table throw
 */
export async function planRepair(wanted: RepairWanted, ports: RepairPorts): Promise<RepairPlan> {
  const { topic, to } = wanted;
  const items = await ports.topics();
  const copied = items.find(({ remoteTopic }) => remoteTopic === to);
  if (copied) throw new RepairIntoCopyError(to, `it is the copy of ${copied.topic}`);
  const asked = items.filter((item) => topic === undefined || item.topic === topic || item.remoteTopic === topic);
  const [gaps, destination] = await Promise.all([ports.ledger(asked), ports.destination(to)]);
  const sorted = gaps.toSorted(bySource);
  const setAside = sorted.filter(({ entry }) => entry.kind === 'quarantine').flatMap(recordsOf);
  const records = await sideBySide(
    setAside,
    async ({ partition, offset }): Promise<RepairedRecord> => {
      return { partition, offset, outcome: await outcomeFor(partition, offset, wanted, destination, ports) };
    },
    () => true,
    AT_ONCE,
  );
  return {
    wanted,
    destination,
    remarks: [...wanted.copiedOn, ...remarksOn(destination, records, ports.now())],
    absent: topic !== undefined && asked.length === 0,
    records,
    others: sorted.filter(({ entry }) => entry.kind !== 'quarantine'),
  };
}

async function outcomeFor(
  partition: FlowPartition,
  offset: number,
  { again }: RepairWanted,
  destination: Destination | undefined,
  ports: RepairPorts,
): Promise<RepairOutcome> {
  const repairs = again ? [] : await ports.setAside.repairs(partition, offset);
  if (repairs.length > 0) return { kind: 'repaired', repairs };
  const stored = await ports.setAside.read(partition, offset);
  if (stored.kind === 'damaged') return stored;
  const { record } = stored;
  try {
    const sizeBytes = ports.sizeOf(withOrigin(record, partition));
    if (destination && sizeBytes > destination.maxMessageBytes) return { kind: 'too-large', sizeBytes };
    const to = destination && partition.partition % destination.partitions;
    return { kind: 'to-write', to, sizeBytes, timestamp: record.timestamp };
  } catch (error) {
    if (!(error instanceof MalformedRecordError)) throw error;
    return { kind: 'damaged', because: messageOf(error) };
  }
}

function bySource(one: Gap, other: Gap): number {
  const [here, there] = [one.partition, other.partition];
  if (here.topic !== there.topic) return here.topic < there.topic ? -1 : 1;
  return here.partition - there.partition || here.generation - there.generation || one.entry.from - other.entry.from;
}

function recordsOf({ partition, entry }: Gap): { readonly partition: FlowPartition; readonly offset: number }[] {
  return Array.from({ length: entry.to - entry.from }, (_, i) => ({ partition, offset: entry.from + i }));
}
