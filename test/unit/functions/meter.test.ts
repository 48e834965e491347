import { Logger } from '@aws-lambda-powertools/logger';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EmbeddedMeter, MOST_VALUES } from '../../../functions/meter.ts';

const printed: Record<string, unknown>[] = [];

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  for (const level of ['log', 'info'] as const)
    vi.spyOn(console, level).mockImplementation((text: unknown) => void printed.push(JSON.parse(String(text))));
});
afterEach(() => {
  printed.length = 0;
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function meterOf(detailed = false): EmbeddedMeter {
  const meter = new EmbeddedMeter(new Logger(), detailed);
  meter.setFlow('us-east->us-west');
  return meter;
}

/** What CloudWatch makes of a line: metrics with their dimensions. */
function metricsIn(line: Record<string, unknown>) {
  const { _aws } = line as { _aws?: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] } };
  return (_aws?.CloudWatchMetrics ?? []).flatMap(({ Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name }) =>
      Dimensions.map((names) => ({
        name: Name,
        value: line[Name],
        of: names.filter((name) => name !== 'service').map((name) => line[name]),
      })),
    ),
  );
}

test('what is always told is published, zero too; events only where they happened', () => {
  const meter = meterOf();
  meter.add('CheckpointLatency', 0);
  meter.add('TicksFailed', 0);
  meter.add('GroupsUntold', 2);
  meter.publish();

  expect(printed.flatMap(metricsIn)).toEqual([
    { name: 'CheckpointLatency', value: 0, of: ['us-east->us-west'] },
    { name: 'GroupsUntold', value: 2, of: ['us-east->us-west'] },
  ]);
});

test('details are one line of the log, and begin anew after it', () => {
  const meter = meterOf();
  for (const ms of [4, 9]) meter.add('TickTime', ms);
  meter.addOf({ Reason: 'ahead-on-target' }, { PartitionsLeftOut: 25 });
  meter.publish();
  meter.publish();

  expect(printed).toMatchObject([
    {
      message: 'figures',
      figures: {
        TickTime: { count: 2, sum: 13, max: 9 },
        'PartitionsLeftOut ahead-on-target': { count: 1, sum: 25, max: 25 },
      },
    },
  ]);
});

test('details are metrics where they are wanted', () => {
  const meter = meterOf(true);
  meter.add('TickTime', 4);
  meter.addOf({ Reason: 'ahead-on-target' }, { PartitionsLeftOut: 25 });
  meter.publish();

  expect(printed.flatMap(metricsIn)).toEqual([
    { name: 'PartitionsLeftOut', value: 25, of: ['us-east->us-west', 'ahead-on-target'] },
    { name: 'TickTime', value: 4, of: ['us-east->us-west'] },
  ]);
});

test('what is told of a topic is in one line', () => {
  const meter = meterOf();
  meter.addOf({ Topic: 'orders' }, { RecordsReplicated: 40, ReplicationLatency: [7, 8, 9] });

  expect(printed).toHaveLength(1);
  expect(printed.flatMap(metricsIn)).toEqual([
    { name: 'RecordsReplicated', value: 40, of: ['us-east->us-west', 'orders'] },
    { name: 'ReplicationLatency', value: [7, 8, 9], of: ['us-east->us-west', 'orders'] },
  ]);
});

test('more values than a line takes do not lose their topic', () => {
  const meter = meterOf();
  meter.addOf({ Topic: 'orders' }, { ReplicationLatency: Array(3 * MOST_VALUES).fill(5), RecordsReplicated: 1 });

  expect(printed).toHaveLength(1);
  expect(metricsIn(printed[0] ?? {}).map(({ of }) => of)).toContainEqual(['us-east->us-west', 'orders']);
});

test('a publication of nothing writes nothing', () => {
  meterOf().publish();

  expect(printed).toEqual([]);
});
