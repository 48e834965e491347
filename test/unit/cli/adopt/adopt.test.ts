import { describe, expect, test } from 'vitest';
import { carryOut } from '../../../../shared/adopt/carry-out.ts';
import { planAdoption } from '../../../../shared/adopt/plan.ts';
import { adoptQuestion, adoptWanted } from '../../../../shared/cli/adopt/question.ts';
import { Arguments } from '../../../../shared/cli/arguments.ts';
import { adopt, adoptAnswer } from '../../../../shared/cli/commands/adopt.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { parseConfiguration } from '../../../../shared/config/parse-configuration.ts';
import { World, wanted } from '../../adopt/world.ts';
import { causeway, properties } from '../command-line.ts';

async function planned(world: World, only?: readonly string[]) {
  const adoption = await planAdoption(wanted({ only }), world.ports());
  return adoptAnswer([{ carriedOut: false, adoption }]);
}

async function done(world: World) {
  const ports = world.ports();
  const adoption = await carryOut(await planAdoption(wanted(), ports), wanted(), ports);
  return adoptAnswer([{ carriedOut: true, adoption }]);
}

describe('the answer', () => {
  test('of a plan says where each partition goes on, and how to carry it out', async () => {
    const world = new World(['a b c d', 'e f', 'g'], ['a b c b', 'e', '']);
    world.recorded.set(0, 0);
    const { exitCode, text } = await planned(world);

    expect(exitCode).toBe(1);
    expect(text(UNSTYLED)).toBe(
      [
        'us-east->us-west  3 partitions: 2 to take over, 1 not copied yet',
        '  orders -> us-east.orders',
        '    orders-0  to take over: source 3 goes to target 4',
        '              offsets can be translated from source 0 on',
        '              2 records copied beyond what was recorded',
        '              the target holds 1 record once more: MirrorMaker 2 copied them',
        '              again itself',
        '    orders-1  to take over: source 1 goes to target 1',
        '              offsets can be translated from source 0 on',
        '    orders-2  MirrorMaker 2 copied nothing: Causeway begins at source 0',
        '  next  Nothing was changed. Run it again with --yes to carry this out.',
      ].join('\n'),
    );
  });

  test('of what was carried out is yes, and so is that of doing it again', async () => {
    const world = new World(['a b'], ['a']);
    const first = await done(world);
    const again = await done(world);

    expect([first.exitCode, again.exitCode]).toEqual([0, 0]);
    expect(first.text(UNSTYLED)).toContain('1 partition: 1 taken over\n');
    expect(again.text(UNSTYLED)).toContain('replicated by Causeway: source 1 is next');
  });

  test('names the partition that is refused, what is safe, and what to do next', async () => {
    const { exitCode, text, json } = await done(new World(['a b c'], ['a x']));

    expect(exitCode).toBe(1);
    expect(text(UNSTYLED)).toMatch(/orders-0 {2}NOT_IN_SOURCE: target offset 1 holds a record that the source/);
    expect(text(UNSTYLED)).toContain('Nothing of this partition was taken over');
    expect(text(UNSTYLED)).toContain('Find out who else wrote to the remote topic');
    expect(json).toMatchObject({
      flows: [
        {
          carriedOut: false,
          refused: { NOT_IN_SOURCE: 1 },
          topics: [
            {
              partitions: [
                { partition: 0, outcome: 'refused', refusal: { code: 'NOT_IN_SOURCE', facts: { target: 1 } } },
              ],
            },
          ],
        },
      ],
    });
  });

  test('while MirrorMaker 2 is running, is to stop it', async () => {
    const world = new World(['a b'], ['a']);
    world.workersRunning = true;
    const { text } = await planned(world);

    expect(text(UNSTYLED)).toContain('MirrorMaker 2 is running');
    expect(text(UNSTYLED)).toContain('next  Stop MirrorMaker 2 on every worker');
  });

  test('is no where a topic that was named cannot be taken over', async () => {
    const { exitCode, text } = await planned(new World(['a'], ['a']), ['new']);

    expect(exitCode).toBe(1);
    expect(text(UNSTYLED)).toContain('new is not on the source, or has no copy');
  });

  test('for programs has the figures of each partition', async () => {
    const world = new World(['a b c'], ['a b']);
    world.recorded.set(0, 0);

    expect((await planned(world)).json).toEqual({
      flows: [
        {
          carriedOut: false,
          ...{ flow: 'us-east->us-west', connectors: ['MirrorSourceConnector'], workersRunning: false, absent: [] },
          refused: {},
          topics: [
            {
              ...{ topic: 'orders', remoteTopic: 'us-east.orders' },
              partitions: [
                {
                  ...{ partition: 0, outcome: 'adopt', nextSource: 2, nextTarget: 2, duplicates: 0, beyondRecord: 1 },
                  translatedFrom: { source: 0, target: 0 },
                },
              ],
            },
          ],
        },
      ],
    });
  });
});

describe('the command line', () => {
  const file = properties('us-east.causeway.region = us-east-1', 'us-west.causeway.region = us-west-2');

  test.each([
    [['adopt', 'orders'], 'adopt takes no orders'],
    [['adopt', '--history', 'all'], '--history all is no whole number from 0'],
    [['adopt', '--max-records=-1'], '--max-records -1 is no whole number from 0'],
    [['adopt', '--topic'], '--topic needs a value'],
    [['adopt', '--yes=no'], '--yes takes no value'],
    [['adopt', '--flow', 'us-east->us-east'], 'there is no flow us-east->us-east'],
  ])('%j is refused: %s', async (args, message) => {
    const { exitCode, err } = await causeway(args, file);

    expect(exitCode).toBe(2);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(message);
  });

  test('needs both regions in the file', async () => {
    const { exitCode, err } = await causeway(['adopt'], properties('us-east.causeway.region = us-east-1'));

    expect(exitCode).toBe(3);
    expect(err).toContain('REGION_UNKNOWN');
  });

  test.each([
    ['earliest', true],
    ['latest', false],
    ['2026-01-01T00:00:00Z', false],
  ])('takes from the file that mappings begin at %s', (position, startsEarliest) => {
    expect(wantedOf(`causeway.start.position = ${position}`)).toMatchObject({ startsEarliest });
  });

  test('knows flows that meet in topics of the same names', () => {
    const identity = 'replication.policy.class = org.apache.kafka.connect.mirror.IdentityReplicationPolicy';
    const both = 'us-west->us-east.enabled = true';

    expect(wantedOf(identity)).toMatchObject({ keepsNames: true, twoWay: false });
    expect(wantedOf(identity, both)).toMatchObject({ keepsNames: true, twoWay: true });
    expect(wantedOf(both)).toMatchObject({ keepsNames: false, twoWay: false });
  });

  function wantedOf(...lines: readonly string[]) {
    const { configuration } = parseConfiguration(properties(...lines), { file: 'mm2.properties' });
    const enabled = configuration.flows.filter((flow) => flow.enabled);
    const [flow] = enabled;
    if (flow === undefined) throw new Error('no flow');
    const declared = new Map(adopt.options.map((option) => [option.name, option]));
    return adoptWanted(flow, adoptQuestion(new Arguments([], declared, new Map())), enabled);
  }
});
