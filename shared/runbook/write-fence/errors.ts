import { CausewayError } from '../../flow/errors.ts';

const WHERE = 'docs/runbooks.md, "Producers that do not follow the registry", has the commands.';

/** Another run has written the note of the fence meanwhile. */
export class WriteFenceBusy extends CausewayError {
  readonly code = 'WRITE_FENCE_BUSY';
  readonly retriable = true;

  constructor(cluster: string) {
    super(`another run changes the fence against writers on ${cluster}`, {
      safe: 'Nothing was made, and nothing of what is made is forgotten.',
      next: 'Nothing: it is looked at again.',
    });
  }
}

/** What was made is taken back, and a call that nobody waits for any more may make it once more. */
export class WriteFenceYoung extends CausewayError {
  readonly code = 'WRITE_FENCE_YOUNG';
  readonly retriable = true;

  constructor(cluster: string) {
    super(`the fence against writers on ${cluster} was made just now: it is looked whether more of it comes`, {
      safe: 'What was made is taken back.',
      next: 'Nothing: it is looked at again, some seconds later.',
    });
  }
}

/** The cluster makes no ACLs, or takes none back; code and remedy are those of the cause. */
export class WriteFenceRefused extends CausewayError {
  override readonly code: string;
  override readonly retriable: boolean;

  constructor(cluster: string, doing: 'made' | 'lifted', topics: readonly string[], cause: CausewayError) {
    const [first = ''] = topics;
    const more = topics.length > 1 ? ` and ${topics.length - 1} more topics` : '';
    super(`the fence against writers on ${cluster} could not be ${doing} for ${first}${more}: ${cause.message}`, {
      safe: 'What was made is noted in the registry: the next run of the flow knows it.',
      next: `${cause.next} ${doing === 'made' ? 'To do without: causeway.fence.acls = false.' : WHERE}`,
      cause,
    });
    this.code = cause.code;
    this.retriable = cause.retriable;
  }
}
