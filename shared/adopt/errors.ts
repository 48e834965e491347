import { CausewayError } from '../flow/errors.ts';

const SAFE = 'Nothing was written or committed.';

/** Its workers would go on copying behind the position that was found. */
export class WorkersRunningError extends CausewayError {
  readonly code = 'MIRRORMAKER_RUNNING';
  readonly retriable = false;

  constructor(flow: string) {
    super(`${flow}: workers of MirrorMaker 2 are members of their group`, {
      safe: SAFE,
      next: 'Stop MirrorMaker 2 on every worker and ask again; killed workers leave the group after its session time-out (10 s by default). Where they run on for other flows and copy nothing of this one, say so with --workers-idle.',
    });
  }
}

/** Where both directions meet in one topic, a partition without a HEAD is begun by itself, whatever it holds. */
export class TwoWayAdoptionError extends CausewayError {
  readonly code = 'ADOPT_TWO_WAY';
  readonly retriable = false;

  constructor(flow: string) {
    super(`${flow}: both directions copy into topics of the same names`, {
      safe: SAFE,
      next: 'Take over while one direction alone is enabled, and enable the other one afterwards (docs/adopt.md).',
    });
  }
}

/** The group of an event source mapping could not be set to where it is to begin. */
export class StartNotCommittedError extends CausewayError {
  readonly code = 'ADOPT_START_NOT_COMMITTED';
  readonly retriable = true;

  constructor(group: string, topic: string, partition: number, answer: string) {
    super(`the start of ${topic}-${partition} could not be committed for the group ${group}: ${answer}`, {
      safe: 'Of this topic nothing was taken over; topics before it in the plan were.',
      next: 'Ask again: what is taken over already stays. UNKNOWN_MEMBER_ID says that an event source mapping reads with this group; GROUP_AUTHORIZATION_FAILED that the right to read as it is missing.',
    });
  }
}
