import { CausewayError } from '../../flow/errors.ts';
import { describePartition, type FlowPartition } from '../../flow/flow.ts';
import { describeRepair, type Repair } from './repair.ts';

/** Records are never put into a copy: they would stand behind newer ones. */
export class RepairIntoCopyError extends CausewayError {
  readonly code = 'REPAIR_INTO_COPY';
  readonly retriable = false;

  /** @param because whose topic it is */
  constructor(topic: string, because: string) {
    super(`records that were set aside cannot be written to ${topic}: ${because}`, {
      safe: 'Nothing was written.',
      next: 'Name a topic that nothing is copied to. causeway explain <topic> says of each flow whether it copies a topic, and by which line; a name that ends in .internal is left out by the default of topics.exclude.',
    });
  }
}

/** The topic has to be there: how it is to be made is for its owner to say. */
export class RepairTopicMissingError extends CausewayError {
  readonly code = 'REPAIR_TOPIC_MISSING';
  readonly retriable = false;

  constructor(topic: string, cluster: string) {
    super(`${cluster} has no topic ${topic}`, { safe: 'Nothing was written.', next: howToMake(topic) });
  }
}

/** What it takes for a topic to hold such records. */
export function howToMake(topic: string): string {
  return `Make it, with as many partitions as the source's topic has, a max.message.bytes that is large enough and no retention by time: kafka-topics.sh --create --topic ${topic} --partitions <n> --config max.message.bytes=<bytes> --config retention.ms=-1.`;
}

/** The cluster did not take a record for a reason that holds for those after it as well. */
export class RepairStoppedError extends CausewayError {
  readonly code = 'REPAIR_STOPPED';
  readonly retriable: boolean;

  constructor(partition: FlowPartition, offset: number, cause: CausewayError) {
    super(`${describePartition(partition)}: the record at offset ${offset} was not written: ${cause.message}`, {
      safe: 'Records before it are written, and that is noted: another call goes on after them.',
      next: `${cause.next} Then call it again.`,
      cause,
    });
    this.retriable = cause.retriable;
  }
}

/** Sent, and nobody has said in time whether it is in the log. */
export class RepairUnansweredError extends CausewayError {
  readonly code = 'REPAIR_UNANSWERED';
  readonly retriable = true;

  constructor(partition: FlowPartition, offset: number, to: string, because: string) {
    super(
      `${describePartition(partition)}: whether ${to} has the record at offset ${offset} by now is not known: ${because}`,
      {
        safe: 'Records before it are written and noted. It is not noted: another call writes it, perhaps for a second time; where the five origin headers agree it is the same record.',
        next: 'Look at the leader and the in-sync replicas of that partition, and whether another call of causeway gaps repair writes to the same topic. Then call it again.',
      },
    );
  }
}

/** In the topic, and not noted as such. */
export class RepairNotNotedError extends CausewayError {
  readonly code = 'REPAIR_NOT_NOTED';
  readonly retriable = true;

  constructor(partition: FlowPartition, offset: number, written: Repair, cause: CausewayError) {
    super(
      `${describePartition(partition)}: the record at offset ${offset} was written to ${describeRepair(written)}, and that could not be noted: ${cause.message}`,
      {
        safe: 'It is there. Another call does not know, and writes it for a second time; where the five origin headers agree it is the same record.',
        next: cause.next,
        cause,
      },
    );
  }
}
