import { describe, expect, test, vi } from 'vitest';
import { causeway, properties } from './command-line.ts';

/** The CDK and the Kafka client are loaded on the way, which takes a busy machine seconds. */
vi.setConfig({ testTimeout: 60_000 });

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
    expect(faults).toEqual([{ flow: 'us-east->us-west', says: expect.stringContaining('clusterArn') }]);
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
    ]);
    expect(out).not.toContain('hunter2');
  });

  test('says of the one flow that is asked about what it lacks', async () => {
    const text = properties('us-west->us-east.enabled = true', 'us-west.causeway.region = us-west-2');
    const { out, exitCode } = await causeway(['check', '--json', '--flow', 'us-west->us-east'], text);

    expect(exitCode).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      faults: [{ flow: 'us-west->us-east', says: expect.stringContaining('target.region: is missing') }],
      flows: [{ flow: 'us-west->us-east' }],
    });
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
