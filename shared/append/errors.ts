import { CausewayError, messageOf } from '../flow/errors.ts';
import { describePartition, type FlowId, type FlowPartition, flowName } from '../flow/flow.ts';
import type { SourceOffset, TargetOffset } from '../flow/offset.ts';
import type { Hold } from '../ledger/hold.ts';
import { consumerGroup } from '../reconcile/consumer-group.ts';

const NOTHING_LOST =
  'Every record below the reported offset is in the target; the rest stays in the source and is delivered again.';
const WAIT = 'Nothing: Lambda delivers the batch again. Look closer if the lag of this partition keeps growing.';

/** Disabling the mapping is not enough: `reconcile` enables it again within seconds. */
function setBack({ flow, topic, partition, generation }: FlowPartition, due: SourceOffset): string {
  const group = consumerGroup(flow, topic, generation);
  return `Set the consumer group ${group} of its event source mapping to offset ${due} for partition ${partition}: docs/errors.md#setting-a-mappings-group has the commands, with reconcile at rest meanwhile. Nothing is copied twice by that.`;
}

/** The invocation's time ran out; what was written is recorded, the rest is reported as failed. */
export class TimeRanOut extends CausewayError {
  readonly code = 'TIME_RAN_OUT';
  readonly retriable = true;
  constructor(partition: FlowPartition, doing: string) {
    super(`${describePartition(partition)}: time ran out while ${doing}`, {
      safe: NOTHING_LOST,
      next: 'Nothing: Lambda delivers the rest again. If it repeats, raise the function time-out or lower the batch size.',
    });
  }
}

/** The source topic was deleted and made again under its name since the offset map was begun. */
export class SourceTopicReplaced extends CausewayError {
  readonly code = 'SOURCE_TOPIC_REPLACED';
  readonly retriable = true;
  constructor(partition: FlowPartition, known: string, found: string) {
    super(`${describePartition(partition)}: the source topic was made anew (id ${known} is now ${found})`, {
      safe: 'What was copied of the old topic stays in the target and keeps its offset map. Nothing of the new one was written.',
      next: 'Nothing: reconcile begins a new generation of this topic once the old mapping is drained (a few minutes).',
    });
  }
}

/** The remote topic was deleted and made again under its name since the offset map was begun. */
export class TargetTopicReplaced extends CausewayError {
  readonly code = 'TARGET_TOPIC_REPLACED';
  readonly retriable = true;
  constructor(partition: FlowPartition, known: string, found: string) {
    super(`${describePartition(partition)}: ${partition.remoteTopic} was made anew (id ${known} is now ${found})`, {
      safe: 'The source still holds what its retention keeps. Batches that were on their way when the topic was replaced may stand in the new one; nothing more is written into it now.',
      next: 'Nothing: reconcile begins a new generation, which copies the topic from its start, once the old mapping is drained. Should that stop with TARGET_NOT_EMPTY, delete the remote topic once more.',
    });
  }
}

/** A remote partition holds records that no offset map knows. */
export class TargetNotEmpty extends CausewayError {
  readonly code = 'TARGET_NOT_EMPTY';
  readonly retriable = false;
  constructor(partition: FlowPartition, end: TargetOffset) {
    super(
      `${describePartition(partition)}: ${partition.remoteTopic}-${partition.partition} already holds records ` +
        `(its end is ${end}) and there is no offset map for it`,
      {
        safe: 'Nothing was written. Other partitions go on.',
        next: 'If MirrorMaker 2 copied them, run causeway adopt: the flow goes on where it stopped. Otherwise delete the remote topic to have it copied from the start. Where it was just made anew, the records are batches that were still on their way to the one before.',
      },
    );
  }
}

/** The target log lost records that it had acknowledged, and what it holds from there on cannot be told (docs/protocol.md). */
export class TargetDiverged extends CausewayError {
  readonly code = 'TARGET_DIVERGED';
  readonly retriable = false;
  constructor(partition: FlowPartition, found: TargetOffset, nextTarget: TargetOffset) {
    super(
      `${describePartition(partition)}: the target had acknowledged records up to ${nextTarget}, lost some from ${found} on, ` +
        'and what it holds there now cannot be told',
      {
        safe: 'Nothing more is written to this partition. Other partitions go on. The source still holds what its retention keeps.',
        next: 'Find out why the target lost acknowledged records, then delete the remote topic to have it copied anew.',
      },
    );
  }
}

/** The target log contradicts the offset map: a sequence is there that was never granted, or one is missing. */
export class LogContradictsMap extends CausewayError {
  readonly code = 'LOG_CONTRADICTS_MAP';
  readonly retriable = false;
  constructor(partition: FlowPartition, detail: string) {
    super(`${describePartition(partition)}: the target log contradicts the offset map: ${detail}`, {
      safe: 'Nothing more was written to this partition. Other partitions go on.',
      next: 'Check that nothing else uses the transactional ids of Causeway and that no assumption of docs/protocol.md is broken.',
    });
  }
}

/** The source log was cut back below what was copied, and this delivery leaves out records written there since. */
export class SourceCutBack extends CausewayError {
  readonly code = 'SOURCE_CUT_BACK';
  readonly retriable = false;
  constructor(partition: FlowPartition, due: SourceOffset, first: number) {
    super(
      `${describePartition(partition)}: the source log was cut back by an unclean leader election; offset ${due} is due ` +
        `next, and this delivery begins at ${first}`,
      {
        safe: `Everything below ${due} is in the target. What was written from ${due} on since is in the source, and none of it is passed over.`,
        next: setBack(partition, due),
      },
    );
  }
}

/** The target lost records that it had acknowledged, and this delivery leaves out some that have to be copied again. */
export class TargetCutBack extends CausewayError {
  readonly code = 'TARGET_CUT_BACK';
  readonly retriable = false;
  constructor(partition: FlowPartition, due: SourceOffset, first: number) {
    super(
      `${describePartition(partition)}: the target lost the end of its log, which it had acknowledged; source offset ${due} ` +
        `is due again, and this delivery begins at ${first}`,
      {
        safe: `Everything below ${due} is in the target. What was lost is in the ledger (target-divergence), and is copied again from the source, once and in order, before anything else.`,
        next: `Find out why the target lost acknowledged records (an unclean election, a restored disk). ${setBack(partition, due)}`,
      },
    );
  }
}

/** The partition was taken over from MirrorMaker 2, and its event source mapping began further on than that had copied. */
export class MappingBeganLate extends CausewayError {
  readonly code = 'MAPPING_BEGAN_LATE';
  readonly retriable = false;
  constructor(partition: FlowPartition, due: SourceOffset, first: number) {
    super(
      `${describePartition(partition)}: MirrorMaker 2 had copied what is below offset ${due}, and this delivery begins at ${first}`,
      {
        safe: `Everything below ${due} is in the target. What was written from ${due} on is in the source, and none of it is passed over.`,
        next: setBack(partition, due),
      },
    );
  }
}

/** The delivery holds a record that the source does not: it was read before the log was cut back, or the topic made anew. */
export class DeliveryOutdated extends CausewayError {
  readonly code = 'DELIVERY_OUTDATED';
  readonly retriable = true;
  constructor(partition: FlowPartition, offset: number) {
    super(`${describePartition(partition)}: the source now holds another record at ${offset} than this delivery`, {
      safe: NOTHING_LOST,
      next:
        'Nothing: the batch is read again. If it repeats, disable and enable the event source mapping, which makes ' +
        'Lambda forget what it has read.',
    });
  }
}

/** A single record is larger than the remote topic takes. */
export class RecordTooLarge extends CausewayError {
  readonly code = 'RECORD_TOO_LARGE';
  readonly retriable = false;
  constructor(partition: FlowPartition, offset: number, sizeBytes: number, maxBatchBytes: number) {
    super(
      `${describePartition(partition)}: the record at offset ${offset} (${sizeBytes} bytes before compression) is larger ` +
        `than ${partition.remoteTopic} takes (max.message.bytes ${maxBatchBytes})`,
      {
        safe: `Everything below ${offset} is in the target. This partition waits at ${offset}; other partitions go on.`,
        next: 'Raise max.message.bytes of the remote topic, or set causeway.record.too.large=quarantine to set such records aside.',
      },
    );
  }
}

/** A second take-over of the same partition was needed in one invocation. */
export class TakeOverSpent extends CausewayError {
  readonly code = 'TAKE_OVER_SPENT';
  readonly retriable = true;
  constructor(partition: FlowPartition, cause: string) {
    super(`${describePartition(partition)}: needs a second take-over in one invocation (${cause})`, {
      safe: NOTHING_LOST,
      next: WAIT,
    });
  }
}

/** Another invocation holds the right to append records that are old. */
export class PartitionLeased extends CausewayError {
  readonly code = 'PARTITION_LEASED';
  readonly retriable = true;
  constructor(partition: FlowPartition, holder: string, until: number) {
    super(
      `${describePartition(partition)}: invocation ${holder} may append alone until ${new Date(until).toISOString()}`,
      {
        safe: NOTHING_LOST,
        next: WAIT,
      },
    );
  }
}

/** The first old records after new ones: requests sent without a lease have to arrive or be lost first. */
export class OldRecordsWait extends CausewayError {
  readonly code = 'OLD_RECORDS_WAIT';
  readonly retriable = true;
  constructor(partition: FlowPartition, until: number) {
    super(
      `${describePartition(partition)}: holds records so old that brokers may forget who sent them; appending goes on ` +
        `after ${new Date(until).toISOString()}, when nothing sent before can arrive any more`,
      {
        safe: NOTHING_LOST,
        next: 'Nothing: Lambda delivers the batch again. If it repeats, raise producer.id.expiration.ms on the target brokers.',
      },
    );
  }
}

/** The partition's transactional id has a new producer id, so the old one cannot be fenced and has to be waited out. */
export class OldProducerLingers extends CausewayError {
  readonly code = 'OLD_PRODUCER_LINGERS';
  readonly retriable = true;
  constructor(partition: FlowPartition, until: number) {
    super(
      `${describePartition(partition)}: its producer id was replaced; appending goes on after ${new Date(until).toISOString()}, ` +
        'when nothing sent under the old one can arrive any more',
      { safe: NOTHING_LOST, next: WAIT },
    );
  }
}

/** A runbook keeps the flow from copying while it moves applications. */
export class FlowHeld extends CausewayError {
  readonly code = 'FLOW_HELD';
  readonly retriable = true;
  /** @param by what is known of the hold: HEAD has the generation alone */
  constructor(partition: FlowPartition, { generation, kind, since }: Pick<Hold, 'generation'> & Partial<Hold>) {
    const run = `${kind ?? 'runbook'} generation ${generation}`;
    const when = since === undefined ? '' : ` since ${new Date(since).toISOString()}`;
    super(`${describePartition(partition)}: held by ${run} of the flow${when}, nothing is appended`, {
      safe: NOTHING_LOST,
      next: `Nothing while that run is under way: its stage release lifts the hold, or its undoing does, and copying goes on where it stopped. If it is not, start the runbook of ${flowName(partition.flow)} again: a run of that generation or a higher one lifts it.`,
    });
  }
}

/** A hold may not be placed or lifted: one of a higher generation stands, or it was lifted while partitions were being held. */
export class HoldOutranked extends CausewayError {
  readonly code = 'HOLD_OUTRANKED';
  readonly retriable = false;
  /** @param by the hold that stands; undefined: none does any more */
  constructor(of: FlowPartition | FlowId, generation: number, by: Pick<Hold, 'generation'> | undefined) {
    const name = 'flow' in of ? describePartition(of) : flowName(of);
    const why = by ? `generation ${by.generation} holds it` : 'its hold was lifted meanwhile';
    super(`${name}: generation ${generation} may neither hold it nor lift its hold: ${why}`, {
      safe: 'Nothing was changed: what is held stays held, what is not goes on being copied.',
      next: by
        ? `Let the run of generation ${by.generation} come to its end, or start the runbook again: the new run outranks it.`
        : 'Start the runbook again if the flow is to be held.',
    });
  }
}

/** The remote topic is gone or was made anew, so nothing can be fenced there, and what may be under way is waited out. */
export class HoldWaits extends CausewayError {
  readonly code = 'HOLD_WAITS';
  readonly retriable = true;
  constructor(partition: FlowPartition, until: number, cause: CausewayError) {
    super(
      `${describePartition(partition)}: is held after ${new Date(until).toISOString()}, when nothing sent before can ` +
        `arrive any more, as it cannot be fenced: ${cause.message}`,
      {
        safe: 'Nobody sends to it any more.',
        next: 'Nothing: the stage asks again. The topic is copied anew once the hold is lifted and reconcile has noticed.',
        cause,
      },
    );
  }
}

/** No answer that settles the matter came in the time or the tries allowed. */
export class TargetUnsettled extends CausewayError {
  readonly code = 'TARGET_UNSETTLED';
  readonly retriable = true;
  constructor(partition: FlowPartition, reason: string) {
    super(`${describePartition(partition)}: the target did not settle: ${reason}`, {
      safe: NOTHING_LOST,
      next: 'Check the health of the target brokers (leaders, in-sync replicas) if this repeats.',
    });
  }
}

/** The offset map's table could not be read or written. */
export class OffsetMapUnavailable extends CausewayError {
  readonly code = 'OFFSET_MAP_UNAVAILABLE';
  readonly retriable = true;
  constructor(partition: FlowPartition, cause: unknown) {
    const reason = messageOf(cause);
    super(`${describePartition(partition)}: the offset map could not be read or written: ${reason}`, {
      safe: 'Records that were appended before are found again in the target log by the next invocation; none is appended twice.',
      next: 'Check the OffsetMap table: throttling, permissions, the endpoint from the function subnets.',
      cause,
    });
  }
}

/** The source or target cluster did not answer a question that has to be answered before appending. */
export class ClusterUnavailable extends CausewayError {
  readonly code = 'CLUSTER_UNAVAILABLE';
  readonly retriable = true;
  constructor(partition: FlowPartition, cause: unknown) {
    const reason = messageOf(cause);
    super(`${describePartition(partition)}: ${reason}`, {
      safe: NOTHING_LOST,
      next: 'Check that the brokers of both clusters can be reached from the function subnets.',
      cause,
    });
  }
}

/** An error that nothing here expects: a defect of Causeway or of a library. */
export class UnexpectedFailure extends CausewayError {
  readonly code = 'UNEXPECTED_FAILURE';
  readonly retriable = true;
  constructor(partition: FlowPartition, cause: unknown) {
    const reason = messageOf(cause);
    super(`${describePartition(partition)}: ${reason}`, {
      safe: NOTHING_LOST,
      next: 'Please report it with the stack trace of this log entry. Lambda delivers the batch again.',
      cause,
    });
  }
}
