import { CausewayError } from '../flow/errors.ts';

/** The records of MirrorMaker 2 that Causeway reads and writes. */
export type MirrorRecordKind = 'heartbeat' | 'checkpoint' | 'offset sync' | 'Connect source offset';

/** What can be wrong with a record of a MirrorMaker 2 topic. */
export const MirrorRecordFault = {
  /** The value is null. MirrorMaker 2 never writes that, and its own readers fail over it. */
  tombstone: 'tombstone',
  /** The key is null. */
  noKey: 'no key',
  /** The bytes end inside a field. */
  truncated: 'truncated',
  /** A version that no release of MirrorMaker 2 has written (4.1). */
  version: 'unknown version',
  /** A number that cannot be what the field is for. */
  range: 'out of range',
  /** Text that is not UTF-8. */
  text: 'ill-formed text',
  /** Text that is not what Kafka Connect writes for MirrorMaker 2's connectors. */
  json: 'other content',
} as const;

export type MirrorRecordFault = (typeof MirrorRecordFault)[keyof typeof MirrorRecordFault];

/** A record is not of the kind that its topic is for. The records around it can be read all the same. */
export class MalformedMirrorRecordError extends CausewayError {
  readonly code = 'MALFORMED_MIRROR_RECORD';
  readonly retriable = false;
  readonly kind: MirrorRecordKind;
  readonly fault: MirrorRecordFault;
  /** `value.upstreamOffset`, or `key` when it is about the whole of it. */
  readonly place: string;

  constructor(kind: MirrorRecordKind, fault: MirrorRecordFault, place: string, found: string) {
    super(`Not a MirrorMaker 2 ${kind} record: ${place} ${found}`, {
      safe: 'Nothing was changed because of it. The records before and after it are not affected.',
      next: 'Find out who else writes to this topic; only MirrorMaker 2 and Causeway should be allowed to.',
    });
    this.kind = kind;
    this.fault = fault;
    this.place = place;
  }
}

/** A text is longer than MirrorMaker 2's formats have room for. */
export class UnwritableMirrorRecordError extends CausewayError {
  readonly code = 'UNWRITABLE_MIRROR_RECORD';
  readonly retriable = false;

  constructor(kind: MirrorRecordKind, place: string, sizeBytes: number, maxBytes: number) {
    super(`A ${kind} record has no room for ${place}: ${sizeBytes} bytes of UTF-8, at most ${maxBytes} fit`, {
      safe: 'This record was not written. Nothing else is affected.',
      next: 'Shorten the name or the metadata. Kafka itself takes no group, topic or metadata of this length.',
    });
  }
}
