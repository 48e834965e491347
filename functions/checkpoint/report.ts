import type { Logger } from '@aws-lambda-powertools/logger';
import type { StandingChange, Standings } from '../../shared/checkpoint/standings.ts';
import type { TickReport } from '../../shared/checkpoint/ticker.ts';
import { firstOf } from '../../shared/first-of.ts';
import { messageOf } from '../../shared/flow/errors.ts';
import { REASONS, type Reason } from '../../shared/groups/reason.ts';
import { detailsOf } from '../describe-error.ts';
import type { Meter } from '../meter.ts';

/** Of each reason; the counts are of all. */
const MOST_EXAMPLES = 20;

/** Figures of each tick; in the log, what begins or ends. */
export class TickLog {
  readonly #logger: Logger;
  readonly #meter: Meter;
  #sourceFault: string | undefined;
  #foreign = 0;
  /** What has failed in this run: told once, counted each time. */
  #told = new Set<string>();

  constructor(logger: Logger, meter: Meter) {
    this.#logger = logger;
    this.#meter = meter;
  }

  beginRun(): void {
    this.#told = new Set();
  }

  ticked(report: TickReport): void {
    const { tookMs, sourceAgeMs, kept, checkpoints, committed, errors } = report;
    this.#meter.add('TickTime', tookMs);
    if (sourceAgeMs !== undefined) this.#meter.add('SourceOffsetsAge', sourceAgeMs);
    this.#meter.add('GroupsLastKnown', kept);
    this.#source(report);
    if (checkpoints) this.#checkpoints(checkpoints);
    if (committed !== undefined) this.#meter.add('OffsetsCommitted', committed);
    for (const error of errors) this.failed(error);
  }

  /** A tick of which nothing came, or a part of one. */
  failed(error: unknown): void {
    this.#meter.add('TicksFailed', 1);
    const message = messageOf(error);
    if (!this.#told.has(message)) this.#logger.error(message, detailsOf(error));
    this.#told.add(message);
  }

  #source({ sourceError, kept }: TickReport): void {
    this.#meter.add('SourceReadsFailed', sourceError === undefined ? 0 : 1);
    const fault = sourceError === undefined ? undefined : messageOf(sourceError);
    if (fault === this.#sourceFault) return;
    if (fault === undefined) this.#logger.info('the source tells its groups again');
    else if (this.#sourceFault === undefined)
      this.#logger.warn(`the source does not tell its groups, ${kept} are translated as last known: ${fault}`, {
        ...detailsOf(sourceError),
      });
    this.#sourceFault = fault;
  }

  #checkpoints({ written, unwritable, foreign, latencyMs }: NonNullable<TickReport['checkpoints']>): void {
    this.#meter.add('CheckpointsWritten', written);
    this.#meter.add('CheckpointLatency', latencyMs);
    if (unwritable.length > 0) this.#meter.add('CheckpointsUnwritable', unwritable.length);
    for (const error of unwritable.slice(0, MOST_EXAMPLES)) this.#logger.warn(error.message, detailsOf(error));
    if (foreign > this.#foreign) {
      this.#meter.add('ForeignCheckpointRecords', foreign - this.#foreign);
      this.#logger.warn(`${foreign - this.#foreign} records of the checkpoints topic are no checkpoints: passed over`);
    }
    this.#foreign = foreign;
  }
}

export interface RunSummary {
  readonly groups: number;
  readonly partitionsInStep: number;
  readonly partitionsLeftOut: Readonly<Partial<Record<Reason, number>>>;
}

/** How all groups stand at the end of a run: counts by reason, and in detail what is news. */
export function publishStandings(standings: Standings, groups: number, logger: Logger, meter: Meter): RunSummary {
  const { inStep, leftOut, untold, newlyLeftOut, againInStep } = standings;
  const summary = { groups, partitionsInStep: inStep, partitionsLeftOut: Object.fromEntries(leftOut) };
  meter.add('GroupsCarriedOver', groups - untold.size);
  meter.add('GroupsUntold', untold.size);
  meter.add('PartitionsInStep', inStep);
  for (const [reason, count] of leftOut) meter.addOf({ Reason: reason }, { PartitionsLeftOut: count });
  for (const [reason, news] of newlyLeftOut)
    logger.info(`${news.length} partitions of groups are left out now: ${reason}`, {
      reason,
      means: REASONS[reason],
      partitions: examples(news),
    });
  if (againInStep.length > 0)
    logger.info(`${againInStep.length} partitions of groups are no longer left out`, {
      partitions: examples(againInStep),
    });
  logger.info(`${groups} groups: ${inStep} partitions in step`, { ...summary });
  return summary;
}

function examples(changes: readonly StandingChange[]): readonly string[] {
  const lines = changes.map(({ group, topic, partition, detail }) => {
    return `${group} ${topic}-${partition}${detail === undefined ? '' : `: ${detail}`}`;
  });
  return firstOf(lines, MOST_EXAMPLES);
}
