import type { Logger } from '@aws-lambda-powertools/logger';
import type { FlowStatus } from '../../shared/status/assess.ts';
import type { GroupStatus } from '../../shared/status/group-status.ts';
import type { Lag } from '../../shared/status/lag.ts';
import type { Meter } from '../meter.ts';

/** Of topics that are behind, and of groups; the store has all. */
const MOST_ROWS = 20;

/** Publishes what each reading found; in the log, what is wrong when it begins and ends, who is behind, and the groups. */
export class StatusLog {
  readonly #logger: Logger;
  readonly #meter: Meter;
  readonly #isMeasured: (topic: string) => boolean;
  #problems: ReadonlySet<string> = new Set();

  constructor(logger: Logger, meter: Meter, isMeasured: (topic: string) => boolean) {
    this.#logger = logger;
    this.#meter = meter;
    this.#isMeasured = isMeasured;
  }

  read(status: FlowStatus): void {
    const { topics, groups } = status;
    for (const topic of topics)
      if (this.#isMeasured(topic.topic)) this.#meter.addOf({ Topic: topic.topic }, lagOf(topic));
    this.#meter.addAll(lagOf(status));
    const waiting = groups.flatMap(({ records }) => records ?? []);
    if (waiting.length > 0) this.#meter.add('GroupRecordsWaiting', Math.max(...waiting));
    this.#meter.add('PartitionsAtRisk', status.atRisk);
    this.#meter.add('ReadingsFailed', status.asked.some(({ error }) => error !== undefined) ? 1 : 0);
    this.#tell(problemsIn(status));
    if (groups.length > 0) this.#logger.info('groups', { groups: groups.slice(0, MOST_ROWS).map(rowOf) });
    const behind = topics.filter(({ records = 0 }) => records > 0).slice(0, MOST_ROWS);
    if (behind.length > 0)
      this.#logger.info(`${status.flow}: ${status.records ?? 'unknown'} records behind`, {
        topics: behind.map(({ topic, worst, records, seconds }) => ({ topic, partition: worst, records, seconds })),
      });
  }

  #tell(problems: readonly string[]): void {
    this.#meter.add('FlowProblems', problems.length);
    const before = this.#problems;
    this.#problems = new Set(problems);
    for (const problem of problems) if (!before.has(problem)) this.#logger.warn(problem);
    for (const problem of before) if (!this.#problems.has(problem)) this.#logger.info(`no longer: ${problem}`);
  }
}

/** As the dashboard's table of groups has them. */
function rowOf({ group, records, seconds, notReplicated, problems: [problem] }: GroupStatus) {
  return { group, records, seconds, notReplicated, problem };
}

function lagOf({ records, seconds }: Lag) {
  return {
    ...(records !== undefined && { RecordsWaiting: records }),
    ...(seconds !== undefined && { SecondsBehind: seconds }),
  };
}

/** Ages change from reading to reading; what is wrong is the same. */
function problemsIn({ problems, asked, topics, groups }: FlowStatus): readonly string[] {
  return [
    ...problems,
    ...asked.flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error.code}: ${error.what}`])),
    ...topics.flatMap(({ topic, problems: own }) => own.map((problem) => `topic ${topic}: ${problem}`)),
    ...groups.flatMap(({ group, problems: own }) => own.map((problem) => `group ${group}: ${problem}`)),
  ];
}
