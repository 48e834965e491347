import { Logger } from '@aws-lambda-powertools/logger';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { publishStandings, TickLog } from '../../../../functions/checkpoint/report.ts';
import { parseRequest } from '../../../../functions/checkpoint/request.ts';
import type { Standings } from '../../../../shared/checkpoint/standings.ts';
import type { TickReport } from '../../../../shared/checkpoint/ticker.ts';
import { Reason } from '../../../../shared/groups/reason.ts';
import { NotedMeter } from '../noted-meter.ts';

const printed: string[] = [];
beforeEach(() => {
  for (const level of ['log', 'info', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((text: unknown) => void printed.push(String(text)));
});
afterEach(() => {
  printed.length = 0;
  vi.restoreAllMocks();
});

/** A logger of its own, which prints to the console that the tests read. */
function instruments() {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  return { logger: new Logger(), meter: new NotedMeter() };
}

const messages = () => printed.map((line) => JSON.parse(line).message).filter((message) => message !== undefined);

const QUIET: TickReport = {
  ...{ tookMs: 120, plans: [], sourceAgeMs: 90, kept: 0, sourceError: undefined, errors: [] },
  ...{ checkpoints: { written: 3, unwritable: [], foreign: 0, latencyMs: 110 }, committed: 2 },
};

describe('what a tick publishes', () => {
  test('is figures, and nothing in the log while all goes well', () => {
    const { logger, meter } = instruments();
    const log = new TickLog(logger, meter);

    log.ticked(QUIET);

    expect(messages()).toEqual([]);
    expect(meter.current).toEqual({
      TickTime: [120],
      SourceOffsetsAge: [90],
      GroupsLastKnown: [0],
      SourceReadsFailed: [0],
      CheckpointsWritten: [3],
      CheckpointLatency: [110],
      OffsetsCommitted: [2],
    });
  });

  test('is a line when the source falls silent and a line when it answers again', () => {
    const { logger, meter } = instruments();
    const log = new TickLog(logger, meter);
    const silent = {
      ...QUIET,
      kept: 7,
      sourceAgeMs: 60_000,
      sourceError: new Error('No broker of cluster us-east answers'),
    };

    for (const report of [QUIET, silent, silent, silent, QUIET, QUIET]) log.ticked(report);

    expect(messages()).toEqual([
      'the source does not tell its groups, 7 are translated as last known: No broker of cluster us-east answers',
      'the source tells its groups again',
    ]);
    expect(meter.current).toMatchObject({
      SourceReadsFailed: [0, 1, 1, 1, 0, 0],
      SourceOffsetsAge: [90, 60_000, 60_000, 60_000, 90, 90],
    });
  });

  test('tells of foreign records when there are more of them', () => {
    const { logger, meter } = instruments();
    const log = new TickLog(logger, meter);
    const foreign = (count: number) => ({
      ...QUIET,
      checkpoints: { written: 0, unwritable: [], foreign: count, latencyMs: 1 },
    });

    for (const count of [3, 3, 4]) log.ticked(foreign(count));

    expect(meter.current.ForeignCheckpointRecords).toEqual([3, 1]);
    expect(messages()).toHaveLength(2);
  });

  test('counts a part that failed each time, and tells of it once a run', () => {
    const { logger, meter } = instruments();
    const log = new TickLog(logger, meter);
    const failed = () => log.ticked({ ...QUIET, checkpoints: undefined, errors: [new Error('no leader')] });
    failed();
    failed();
    log.beginRun();
    failed();
    expect(meter.current).toMatchObject({ TicksFailed: [1, 1, 1] });
    expect(messages()).toEqual(['no leader', 'no leader']);
  });
});

describe('what a run says of the groups', () => {
  const change = (partition: number) => ({
    group: 'billing',
    topic: 'orders',
    partition,
    detail: 'at 9, translated 7',
  });
  const standings: Standings = {
    inStep: 40,
    leftOut: new Map([[Reason.AheadOnTarget, 25]]),
    untold: new Map([['silent', 'KAFKA_UNREACHABLE']]),
    newlyLeftOut: new Map([[Reason.AheadOnTarget, Array.from({ length: 25 }, (_, i) => change(i))]]),
    againInStep: [],
  };

  test('is counted by reason, and the news in detail with what the reason means, twenty of them', () => {
    const { logger, meter } = instruments();

    const summary = publishStandings(standings, 3, logger, meter);

    expect(summary).toEqual({ groups: 3, partitionsInStep: 40, partitionsLeftOut: { 'ahead-on-target': 25 } });
    expect(messages()).toEqual([
      '25 partitions of groups are left out now: ahead-on-target',
      '3 groups: 40 partitions in step',
    ]);
    const [news] = printed.map((line) => JSON.parse(line)).filter(({ reason }) => reason === 'ahead-on-target');
    expect(news.means).toMatch(/further on the target/);
    expect(news.partitions).toHaveLength(21);
    expect(news.partitions.at(0)).toBe('billing orders-0: at 9, translated 7');
    expect(news.partitions.at(-1)).toBe('and 5 more');
    expect(meter.current).toEqual({ GroupsCarriedOver: [2], GroupsUntold: [1], PartitionsInStep: [40] });
    expect(meter.apart).toEqual([[{ Reason: 'ahead-on-target' }, { PartitionsLeftOut: 25 }]]);
  });
});

describe('a request', () => {
  test.each([
    [{ action: 'checkpoint' }, { action: 'checkpoint', forSeconds: 60 }],
    [
      { action: 'checkpoint', forSeconds: 0 },
      { action: 'checkpoint', forSeconds: 0 },
    ],
  ])('%j', (event, request) => {
    expect(parseRequest(event)).toEqual(request);
  });

  test.each([
    {},
    { action: 'heartbeat' },
    { action: 'checkpoint', forSeconds: 61 },
    { action: 'checkpoint', forSeconds: -1 },
  ])('%j is none', (event) => {
    expect(() => parseRequest(event)).toThrow();
  });
});
