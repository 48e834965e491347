import { CausewayError } from '../../flow/errors.ts';
import { RepairNotNotedError, RepairStoppedError, RepairTopicMissingError, RepairUnansweredError } from './errors.ts';
import { withOrigin } from './origin.ts';
import type { RepairPorts } from './ports.ts';
import type { Repair, RepairedRecord, RepairOutcome, RepairPlan } from './repair.ts';

/**
 * Writes what is to be written, one record after the other, each noted once it is acknowledged and before the next is
 * sent. Done again after it was cut off, it does the rest; what was acknowledged and not noted then is written twice.
 * @param tell of each record that was written
 * @throws RepairTopicMissingError, RepairStoppedError, RepairUnansweredError, RepairNotNotedError; what the table throws
 */
export async function carryOutRepair(
  plan: RepairPlan,
  ports: RepairPorts,
  tell: (record: RepairedRecord) => void,
): Promise<RepairPlan> {
  const { wanted } = plan;
  if (plan.destination === undefined) throw new RepairTopicMissingError(wanted.to, wanted.flow.target);
  const records: RepairedRecord[] = [];
  for (const record of plan.records) {
    const { outcome } = record;
    if (outcome.kind !== 'to-write' || outcome.to === undefined) {
      records.push(record);
      continue;
    }
    const done = { ...record, outcome: await repair(record, outcome.to, plan, ports) };
    records.push(done);
    tell(done);
  }
  return { ...plan, records };
}

async function repair(
  { partition, offset }: RepairedRecord,
  to: number,
  { wanted }: RepairPlan,
  { setAside, write, now }: RepairPorts,
): Promise<RepairOutcome> {
  // Another call may have been quicker since the plan was made.
  const repairs = wanted.again ? [] : await setAside.repairs(partition, offset);
  if (repairs.length > 0) return { kind: 'repaired', repairs };
  const stored = await setAside.read(partition, offset);
  if (stored.kind === 'damaged') return stored;
  const written = await write(wanted.to, to, withOrigin(stored.record, partition)).catch((error: unknown) => {
    throw error instanceof CausewayError ? new RepairStoppedError(partition, offset, error) : error;
  });
  if (written.kind === 'too-large') return { kind: 'too-large', sizeBytes: undefined };
  if (written.kind === 'refused') return written;
  if (written.kind === 'unknown')
    throw new RepairUnansweredError(partition, offset, `${wanted.to}-${to}`, written.because);
  const place: Repair = { topic: wanted.to, partition: to, offset: written.offset, at: now() };
  await setAside.noteRepair(partition, offset, place).catch((error: unknown) => {
    throw error instanceof CausewayError ? new RepairNotNotedError(partition, offset, place, error) : error;
  });
  return { kind: 'written', repair: place };
}
