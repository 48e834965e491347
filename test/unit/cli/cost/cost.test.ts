import { describe, expect, test } from 'vitest';
import { causeway, properties } from '../command-line.ts';

const both = properties(
  'us-east.causeway.region = us-east-1',
  'us-west.causeway.region = us-west-2',
  'us-east->us-west.causeway.batching.window.seconds = 5',
  'us-east->us-west.causeway.pollers.mode = on-demand',
  'us-west->us-east.enabled = true',
);

const TB = ['cost', '--tb-per-month', '10'];

async function json(args: readonly string[], text?: string) {
  const { out, exitCode } = await causeway([...args, '--json'], text);
  expect(exitCode).toBe(0);
  return JSON.parse(out);
}

describe('causeway cost', () => {
  test('prints each part as quantity by price, the sum, the others and where the lines cross', async () => {
    const { exitCode, out } = await causeway([...TB, '--regions', 'us-east-1,us-west-2']);

    expect(exitCode).toBe(0);
    const text = out.replace(/\s+/g, ' ');
    expect(text).toContain(
      'us-east-1->us-west-2 10 TB a month, us-east-1 to us-west-2; 1,000 bytes a record, 10 topics',
    );
    expect(text).toContain('provisioned pollers $1,350.50 7,300 unit hours x $0.185: 1 for each of 10 topics');
    expect(text).toContain('transfer of records $200.00 10,000 GB x $0.02');
    expect(text).toContain('MSK Replicator $1,219.00 730 hours x $0.30 + 10,000 GB x $0.08 + 10,000 GB x $0.02');
    expect(text).toMatch(/At this traffic Causeway is (cheaper|dearer) than MSK Replicator, by \$[\d,.]+ a month\./);
    expect(text).toContain('against MirrorMaker 2 on MSK Connect: ');
    expect(text).toContain('npm run bench -- handler --values letters');
    expect(text).toContain('brokers and their storage');
    expect(text).toContain('$0.30 replicatorHour: hour of an MSK Replicator; 2026-11-21, not confirmed: compare with');
  });

  test('takes the settings of the flows of the file, and sums them', async () => {
    const found = await json(TB, both);

    expect(found.flows.map(({ flow }: { flow: string }) => flow)).toEqual(['us-east->us-west', 'us-west->us-east']);
    expect(found.settings[0]).toMatchObject({ batchingWindowSeconds: 5, failback: true, heartbeatsBack: false });
    expect(found.settings[0]).not.toHaveProperty('minimumPollers');
    expect(found.settings[1]).toMatchObject({
      minimumPollers: 1,
      sourceRegion: 'us-west-2',
      targetRegion: 'us-east-1',
    });
    expect(found.usdPerMonth).toBeCloseTo(found.flows[0].usdPerMonth + found.flows[1].usdPerMonth, 6);
  });

  test('knows by the file whether heartbeats arrive', async () => {
    const arrive = async (...more: readonly string[]) =>
      (await json(TB, properties(...more))).settings[0].heartbeatsArrive;

    expect(await arrive()).toBe(true);
    expect(await arrive('us-west->us-east.emit.heartbeats.enabled = false')).toBe(false);
  });

  test('one flow has the way back as well with --two-way, with twice the traffic for others', async () => {
    const oneWay = await json(TB);
    const twoWay = await json([...TB, '--two-way']);

    expect(twoWay.flows).toHaveLength(2);
    expect(twoWay.peers[0].usdPerMonth).toBeCloseTo(2 * oneWay.peers[0].usdPerMonth, 6);
    expect((await json([...TB, '--two-way'], both)).flows).toHaveLength(2);
  });

  test('options stand above the file', async () => {
    const found = await json(
      [...TB, '--flow', 'us-east:us-west', '--batching-window-seconds', '0', '--pollers-mode', 'provisioned'],
      both,
    );

    expect(found.settings).toMatchObject([{ batchingWindowSeconds: 0, minimumPollers: 1 }]);
  });

  test('topics of a group share their pollers', async () => {
    const found = await json(TB, properties('causeway.pollers.group = flows'));

    const { parts } = found.flows[0];
    expect(parts.find(({ name }: { name: string }) => name === 'provisioned pollers')).toMatchObject({
      quantity: 730,
      because: '1 for all of 10 topics, in a group',
    });
  });

  test('metrics are those of topics that the file names', async () => {
    const named = properties('causeway.metrics.topics = orders, payments');

    expect((await json(TB, named)).settings[0]).toMatchObject({ topicsMeasured: 2 });
    expect((await json(TB, properties('causeway.metrics.topics ='))).settings[0]).toMatchObject({ topicsMeasured: 0 });
    expect((await json(TB)).settings[0]).toMatchObject({ topicsMeasured: 10 });
  });

  test('a price that is given stands in place of the one in the table, and is said to be', async () => {
    const { out } = await causeway([...TB, '--price', 'transferGb=0.09']);

    expect(out.replace(/\s+/g, ' ')).toContain('transfer of records $900.00 10,000 GB x $0.09');
    expect(out).toMatch(/\$0\.09\s+transferGb: GB to another region; as given/);
  });

  test.each([
    [['cost'], 'how much is copied is not given'],
    [[...TB, 'orders'], 'cost takes no orders'],
    [['cost', '--tb-per-month', 'much'], '--tb-per-month much is no number from 0'],
    [[...TB, '--compressed-to', '0'], '--compressed-to 0 is no number above 0'],
    [[...TB, '--topics', '2.5'], '--topics 2.5 is no whole number'],
    [[...TB, '--topics', '70', '--partitions', '60'], '60 partitions are fewer than 70 topics'],
    [[...TB, '--regions', 'us-east-1'], '--regions us-east-1 are not two regions'],
    [[...TB, '--pollers-mode', 'many'], '--pollers-mode many is neither provisioned nor on-demand'],
    [[...TB, '--price', 'lunch=5'], '--price lunch=5 is no price'],
    [[...TB, '--flow', 'us-east:us-west'], '--flow names a flow of a configuration, and there is none'],
  ])('%j is a mistake of the command line', async (args, what) => {
    const { exitCode, err } = await causeway(args);

    expect(exitCode).toBe(2);
    expect(err.replace(/\s+/g, ' ')).toContain(what);
  });

  test('a file that was named has to be there', async () => {
    const { exitCode, err } = await causeway([...TB, '--config', 'prod.properties']);

    expect(exitCode).toBe(3);
    expect(err).toContain('CONFIGURATION_UNREADABLE');
  });

  test('every line but those that are to be copied fits into 80 characters', async () => {
    const { out } = await causeway(TB, both);

    for (const line of out.split('\n').filter((each) => !/[a-z.]+\/[a-z]/.test(each)))
      expect(line.length).toBeLessThanOrEqual(80);
  });
});
