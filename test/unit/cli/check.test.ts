import { describe, expect, test } from 'vitest';
import { causeway, properties } from './command-line.ts';

const REGIONS = [
  'us-east.causeway.region = us-east-1',
  'us-west.causeway.region = us-west-2',
  'emit.heartbeats.enabled = false',
];

async function check(text: string) {
  const { out, err, exitCode } = await causeway(['check', '--json'], text);
  expect(err).toBe('');
  return { exitCode, ...JSON.parse(out) };
}

describe('causeway check', () => {
  test('finds nothing wrong with a file that can be deployed, and says what its flows do', async () => {
    expect(await check(properties(...REGIONS))).toEqual({
      exitCode: 0,
      file: 'mm2.properties',
      faults: [],
      warnings: expect.any(Array),
      flows: [{ flow: 'us-east->us-west', does: 'copies from us-east-1 to us-west-2' }],
    });
  });

  test('says all faults of the file, with line, key, value and the nearest key', async () => {
    const { exitCode, faults } = await check(
      properties('us-east->us-west.topcis = orders', ...REGIONS, 'refresh.topics.interval.seconds = soon'),
    );

    expect(exitCode).toBe(3);
    expect(faults).toEqual([
      {
        line: 5,
        key: 'us-east->us-west.topcis',
        value: 'orders',
        says: 'expected a known key; did you mean us-east->us-west.topics?',
      },
      {
        line: 9,
        key: 'refresh.topics.interval.seconds',
        value: 'soon',
        says: 'expected a whole number from 1 to 31536000',
      },
    ]);
  });

  test('says what a deployment says of a flow: the constructs check the same', async () => {
    const { exitCode, faults } = await check(properties('us-east.causeway.auth = iam', ...REGIONS));

    expect(exitCode).toBe(3);
    expect(faults).toEqual([
      {
        key: 'us-east.causeway.cluster.arn',
        says: 'is needed for IAM authentication (line 5: us-east.causeway.auth)',
      },
    ]);
  });

  test('finds secrets in clear text, each once, and prints none', async () => {
    const { out, exitCode } = await causeway(
      ['check', '--json'],
      properties(
        'security.protocol = SASL_SSL',
        'sasl.mechanism = SCRAM-SHA-512',
        'sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required username="m" password="hunter2";',
        ...REGIONS,
      ),
    );

    expect(exitCode).toBe(3);
    expect(JSON.parse(out).faults).toMatchObject([
      { line: 7, key: 'sasl.jaas.config', says: expect.stringContaining('clear text') },
      { key: 'us-east.causeway.secret.arn', says: expect.stringContaining('pollers log in with it (line 6') },
    ]);
    expect(out).not.toContain('hunter2');
  });

  test('says of the one flow that is asked about what it lacks', async () => {
    const text = properties('us-west->us-east.enabled = true', 'us-west.causeway.region = us-west-2');
    const { out, exitCode } = await causeway(['check', '--json', '--flow', 'us-west->us-east'], text);

    expect(exitCode).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      faults: [{ key: 'us-east.causeway.region', says: expect.stringContaining('is missing') }],
      flows: [{ flow: 'us-west->us-east' }],
    });
  });

  test('says faults of keys, of flows and secrets in clear text, and warnings, all in one go', async () => {
    const { exitCode, faults, warnings, flows } = await check(
      properties(
        'us-east.causeway.auth = iam',
        'us-east->us-west.topcis = orders',
        'tasks.max = 4',
        'us-west.security.protocol = SASL_SSL',
        'us-west.sasl.mechanism = PLAIN',
        'us-west.sasl.jaas.config = org.apache.kafka.common.security.plain.PlainLoginModule required username="m" password="hunter2";',
        ...REGIONS,
      ),
    );

    expect(exitCode).toBe(3);
    expect(faults.map(({ key }: { key: string }) => key)).toEqual([
      'us-east->us-west.topcis',
      'us-west.sasl.jaas.config',
      'us-east.causeway.cluster.arn',
    ]);
    expect(warnings.map(({ key }: { key: string }) => key)).toEqual(
      expect.arrayContaining(['tasks.max', 'us-east.causeway.vpc.id', 'us-west.causeway.vpc.id']),
    );
    expect(flows).toEqual([{ flow: 'us-east->us-west', does: 'copies from us-east-1 to us-west-2' }]);
  });

  test('warns of what synthesis warns of, by the key of the file', async () => {
    const { warnings } = await check(properties(...REGIONS));

    expect(warnings).toEqual([
      {
        key: 'us-east.causeway.vpc.id',
        says: 'without it the functions beside us-east reach only brokers with public addresses',
      },
      {
        key: 'us-west.causeway.vpc.id',
        says: 'without it the functions beside us-west reach only brokers with public addresses',
      },
    ]);
  });

  test('says nothing twice: what is wrong with a key is not also missing from the flow', async () => {
    const { faults } = await check(
      properties('us-east.causeway.vpc.id = my-vpc', 'us-east.causeway.subnets = a', ...REGIONS),
    );

    expect(faults.map(({ line, key }: { line: number; key: string }) => [line, key])).toEqual([
      [5, 'us-east.causeway.vpc.id'],
      [6, 'us-east.causeway.subnets'],
    ]);
  });

  test('says faults of every kind by their lines, what has none last', async () => {
    const { faults, warnings } = await check(
      properties(
        'us-west.causeway.region = us-wset-2',
        'us-east.causeway.auth = iam',
        'us-east->us-west.topcis = orders',
        'us-east.causeway.vpc.id = my-vpc',
        'us-west.causeway.cluster.arn = arn:aws:kafka:us-west-2:12345:cluster/orders/0e0e-1',
        'refresh.topics.interval.seconds = soon',
      ),
    );

    const lines = (all: readonly { line?: number }[]) => all.map(({ line = Number.POSITIVE_INFINITY }) => line);
    expect(new Set(lines(faults)).size).toBeGreaterThan(4);
    expect(lines(faults)).toEqual(lines(faults).toSorted((a, b) => a - b));
    expect(lines(warnings)).toEqual(lines(warnings).toSorted((a, b) => a - b));
  });

  test('names the region that a slip in a flow may stand for', async () => {
    const { flows } = await check(
      properties('us-east.causeway.region = us-east-1', 'us-west.causeway.region = us-wset-2'),
    );

    expect(flows).toContainEqual({
      flow: 'us-east->us-west',
      does: 'copies from us-east-1 to us-wset-2 (the nearest known is us-west-2)',
    });
  });

  test('a file that copies nothing cannot be deployed', async () => {
    const { exitCode, faults } = await check(properties('us-east->us-west.enabled = false', ...REGIONS.slice(0, 2)));

    expect(exitCode).toBe(3);
    expect(faults).toEqual([{ says: expect.stringContaining('enables no flow') }]);
  });

  test('pairs that only write heartbeats are checked as they are deployed', async () => {
    const { faults, flows } = await check(
      properties(
        'us-east.causeway.region = us-east-1',
        'us-west.causeway.region = us-west-2',
        'us-east.security.protocol = SASL_SSL',
        'us-east.sasl.mechanism = GSSAPI',
        'us-west->us-east.enabled = false',
      ).replace('us-east->us-west.enabled = true', 'us-east->us-west.enabled = false'),
    );

    expect(flows.map(({ flow }: { flow: string }) => flow)).toEqual(['us-east->us-west', 'us-west->us-east']);
    expect(faults.length).toBeGreaterThan(0);
  });

  test.each([
    ['us-wset-2', 'fault', 'expected an AWS region, which us-wset-2 is not; did you mean us-west-2?'],
    ['us-east-7', 'warning', 'us-east-7 is not known to this version; the nearest known is us-east-'],
    ['xy-central-1', 'warning', 'xy-central-1 is not known to this version'],
  ])('the region %s is a %s', async (region, kind, says) => {
    const found = await check(
      properties('us-east.causeway.region = us-east-1', `us-west.causeway.region = ${region}`, REGIONS[2] ?? ''),
    );

    expect(kind === 'fault' ? found.faults : found.warnings).toContainEqual({
      line: 6,
      key: 'us-west.causeway.region',
      value: region,
      says: expect.stringContaining(says),
    });
    expect(found.exitCode).toBe(kind === 'fault' ? 3 : 0);
  });

  test.each([
    ['<your cluster ARN>', 'fault'],
    ['arn:aws:kafka:us-east-1:<account>:cluster/orders/0-1', 'fault'],
    ['arn:aws:kafka:us-east-1:444433332222:cluster/orders/...', 'fault'],
    ['arn:aws:kafka:us-east-1:12345:cluster/orders/0e0e-1', 'fault'],
    ['arn:aws:kafka:us-east-1:111122223333:cluster/orders/0e0e-1', 'warning'],
    ['arn:aws:kafka:us-east-1:444433332222:cluster/orders/0e0e-1', 'nothing'],
  ])('the ARN %s is a %s', async (arn, kind) => {
    const { faults, warnings } = await check(properties(`us-east.causeway.cluster.arn = ${arn}`, ...REGIONS));
    const ofArn = (all: readonly { key?: string }[]) =>
      all.filter(({ key }) => key === 'us-east.causeway.cluster.arn').length;

    expect([ofArn(faults), ofArn(warnings)]).toEqual([kind === 'fault' ? 1 : 0, kind === 'warning' ? 1 : 0]);
  });

  test('a flow is named with the regions that are known of it', async () => {
    const { flows } = await check(properties('us-east.causeway.region = us-east-1', REGIONS[2] ?? ''));

    expect(flows).toEqual([
      { flow: 'us-east->us-west', does: 'copies from us-east-1; in which region us-west is, is not given' },
    ]);
  });

  test('ends with 0 for warnings alone', async () => {
    const { exitCode, warnings } = await check(properties(...REGIONS, 'tasks.max = 4'));

    expect(exitCode).toBe(0);
    expect(warnings).toContainEqual(expect.objectContaining({ line: 8, key: 'tasks.max' }));
  });

  test('is text for people, each remark with its place', async () => {
    const { out } = await causeway(['check'], properties(...REGIONS, 'tasks.max = 4'));

    expect(out).toMatch(
      /^mm2\.properties: no faults, \d warnings?\n[\s\S]*\nwarning {2}mm2\.properties:8: tasks\.max\n {9}not used/,
    );
  });
});
