import { Logger } from '@aws-lambda-powertools/logger';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PulseLog } from '../../../../functions/heartbeat/report.ts';
import { sourceOffset } from '../../../../shared/flow/offset.ts';
import { NotedMeter } from '../noted-meter.ts';

const printed: string[] = [];
beforeEach(() => {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  for (const level of ['log', 'info', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((text: unknown) => void printed.push(String(text)));
});
afterEach(() => {
  printed.length = 0;
  vi.restoreAllMocks();
});

function pulseLog() {
  let now = 0;
  const meter = new NotedMeter();
  const log = new PulseLog(new Logger(), meter, () => now);
  return {
    log,
    meter,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const lines = () => printed.map((line) => JSON.parse(line));
const messages = () => lines().flatMap(({ message }) => message ?? []);

test('figures of heartbeats are published every ten seconds', () => {
  const { log, meter, pass } = pulseLog();
  for (let second = 0; second < 25; second++) {
    log.age(400);
    log.arrived(230);
    log.written();
    pass(1_000);
  }
  const { publications } = meter;
  expect(publications.map(({ HeartbeatsWritten }) => HeartbeatsWritten)).toEqual([
    Array(11).fill(1),
    Array(10).fill(1),
  ]);
  expect(publications[0]).toMatchObject({ HeartbeatLatency: Array(11).fill(230) });
  expect(messages()).toEqual([]);
});

test('a source that falls silent is a line, and one more when it answers; each question counts', () => {
  const { log, meter } = pulseLog();
  const silent = { answers: false, tookMs: 3_000, error: undefined };
  for (const answer of [{ answers: true, tookMs: 4, error: undefined }, silent, silent]) log.probed(answer);
  log.probed({ answers: false, tookMs: 12, error: new Error('connect ECONNREFUSED') });
  log.probed({ answers: true, tookMs: 9, error: undefined });

  expect(messages()).toEqual(['the source does not answer within 3000 ms', 'the source answers again, after 9 ms']);
  expect(meter.current).toMatchObject({ SourceAnswers: [1, 0, 0, 0, 1], SourceAnswerTime: [4, 9] });
});

test('a heartbeat that fails for the same reason again is counted and not told again', () => {
  const { log, meter } = pulseLog();
  for (let i = 0; i < 3; i++) log.failed(new Error('no leader'));
  log.written();
  log.failed(new Error('no leader'));

  expect(messages()).toEqual([
    'a heartbeat was not written: no leader',
    'heartbeats are written again',
    'a heartbeat was not written: no leader',
  ]);
  expect(meter.current).toMatchObject({ HeartbeatsFailed: [1, 1, 1, 1], HeartbeatsWritten: [1] });
});

test('where the source ends and is not told is a line when it begins and ends; each answer counts', () => {
  const { log, meter } = pulseLog();
  const partition = {
    topic: 'orders',
    partition: 0,
    topicId: 'A',
    logEnd: sourceOffset(5),
    committedEnd: sourceOffset(5),
  };
  const answer = (untold: [string, number][]) =>
    log.sampled({ askedAt: 100, answeredAt: 130, partitions: [partition], untold: new Map(untold) });
  answer([]);
  for (let i = 0; i < 2; i++)
    answer([
      ['NOT_LEADER_OR_FOLLOWER', 2],
      ['KAFKA_DEADLINE_EXCEEDED', 1],
    ]);
  answer([]);
  log.unanswered();

  expect(messages()).toEqual([
    'the source does not tell where 3 of 4 partitions end: KAFKA_DEADLINE_EXCEEDED, NOT_LEADER_OR_FOLLOWER',
    'the source tells where all partitions end',
  ]);
  expect(meter.current).toMatchObject({
    SourceEndsAnswerTime: [30, 30, 30, 30],
    SourceEndsUntold: [0, 3, 3, 0],
    SourceEndsUnanswered: [1],
  });
});

test('ends that cannot be stored are told once, and each time that it fails counts', () => {
  const { log, meter } = pulseLog();
  for (let i = 0; i < 2; i++) log.endsFailed(new Error('ThrottlingException'));
  log.endsWritten();

  expect(messages()).toEqual([
    "where the source's topics end could not be stored: ThrottlingException",
    "where the source's topics end is stored again",
  ]);
  expect(meter.current).toMatchObject({ SourceEndsFailed: [1, 1], SourceEndsWritten: [1] });
});
