import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GLOBAL_OPTIONS, parseArguments } from '../../../../shared/cli/arguments.ts';
import { gaps } from '../../../../shared/cli/commands/gaps.ts';
import { repairWanted } from '../../../../shared/cli/gaps/repair/question.ts';
import { repairAnswer } from '../../../../shared/cli/gaps/repair/run.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { parseConfiguration } from '../../../../shared/config/parse-configuration.ts';
import { sourceOffset } from '../../../../shared/flow/offset.ts';
import { carryOutRepair } from '../../../../shared/ledger/repair/carry-out.ts';
import { planRepair } from '../../../../shared/ledger/repair/plan.ts';
import type { RepairPlan, RepairWanted } from '../../../../shared/ledger/repair/repair.ts';
import { NOW, place, takesAll, World, wanted } from '../../ledger/repair/world.ts';
import { causeway, properties } from '../command-line.ts';

const page = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8');
const orders = place('orders', 3);

/** What the command asks for with `us-east->us-west` and these lines in the file. */
function asked(to: string, ...lines: readonly string[]): RepairWanted {
  const { configuration } = parseConfiguration(properties(...lines), { file: 'mm2.properties' });
  const enabled = configuration.flows.filter((flow) => flow.enabled);
  const [flow] = enabled;
  if (flow === undefined) throw new Error('no flow');
  return repairWanted(parseArguments(['--to', to], [...GLOBAL_OPTIONS, ...gaps.options], ''), flow, enabled);
}

const back = 'us-west->us-east.enabled = true';
const identity = 'replication.policy.class = org.apache.kafka.connect.mirror.IdentityReplicationPolicy';

describe('where records are to be written', () => {
  test.each([
    ['the copy of a topic', 'us-east.stock', [], 'us-east->us-west copies stock to it'],
    ['a topic that keeps its name', 'orders.set-aside', [identity], 'us-east->us-west copies orders.set-aside to it'],
    ['heartbeats', 'us-east.heartbeats', [], 'internal'],
    ['checkpoints', 'us-east.checkpoints.internal', [], 'internal'],
    ['a topic of Kafka’s own', '__consumer_offsets', [], 'internal'],
  ])('is not %s', (_, to, lines, because) => {
    expect(() => asked(to, 'us-east->us-west.topics = .*', ...lines)).toThrow(because);
  });

  test('is not what another flow writes there', () => {
    const lines = [
      'clusters = us-east, us-west, eu',
      'eu.bootstrap.servers = eu:9092',
      'us-east->us-west.topics = orders',
      'eu->us-west.enabled = true',
      'eu->us-west.topics = stock',
    ];
    expect(() => asked('eu.stock', ...lines)).toThrow('eu->us-west copies stock to it');
    expect(asked('eu.orders', ...lines).to).toBe('eu.orders');
  });

  test('may be what the flow leaves out, though it keeps names', () => {
    expect(asked('orders.set-aside.internal', 'us-east->us-west.topics = .*', identity).copiedOn).toEqual([]);
  });

  test('is told with the flows that copy it on', () => {
    const lines = ['us-east->us-west.topics = .*', back];
    expect(asked('orders.set-aside', ...lines).copiedOn).toEqual([
      'us-west->us-east copies it on to us-east, as us-west.orders.set-aside',
    ]);
    expect(asked('orders.set-aside', ...lines, 'us-west->us-east.topics = stock').copiedOn).toEqual([]);
  });
});

describe('causeway gaps repair', () => {
  const file = properties('us-east->us-west.topics = .*', 'us-west.causeway.region = us-west-2');

  test.each([
    [['gaps', 'repair'], 'Name a topic on the target with --to', 2],
    [['gaps', 'repiar'], 'gaps takes no repiar', 2],
    [['gaps', '--apply'], '--apply belongs to causeway gaps repair', 2],
    [['gaps', 'repair', '--to', 'us-east.orders'], 'REPAIR_INTO_COPY', 2],
  ])('%j is refused with %j', async (args, message, code) => {
    const { err, exitCode } = await causeway(args, file);

    expect(err.replaceAll(/\s+/g, ' ')).toContain(message);
    expect(exitCode).toBe(code);
  });

  test('does not guess which flow', async () => {
    const { err, exitCode } = await causeway(['gaps', 'repair', '--to', 'set-aside'], `${file}\n${back}\n`);

    expect(err.replaceAll(/\s+/g, ' ')).toContain(
      'Name the one whose records are to be written: --flow us-east:us-west',
    );
    expect(exitCode).toBe(2);
  });
});

/** Two records to write, one that was, one of which a part is lost, and a range that nobody has any more. */
async function scene(): Promise<World> {
  const world = new World();
  world.setAside(orders, 1204, { value: Buffer.alloc(1_629_921).toString('base64') });
  world.setAside(orders, 1310, { value: Buffer.alloc(2_097_052).toString('base64') });
  world.setAside(place('orders', 0), 77);
  world.setAside(place('payments', 1), 5);
  world.loseParts(place('payments', 1), 5);
  world.add(place('payments', 1), { kind: 'retention-gap', from: sourceOffset(40), to: sourceOffset(90), at: NOW });
  const earlier = { topic: 'orders.set-aside', partition: 0, offset: 16, at: NOW };
  await world.ports().setAside.noteRepair(place('orders', 0), 77, earlier);
  world.destination = { ...takesAll, partitions: 4 };
  return world;
}

async function planned(world: World, changes: Partial<RepairWanted> = {}): Promise<RepairPlan> {
  return planRepair(wanted(changes), world.ports());
}

/** Of the page, what stands below a command. */
function shown(command: string): string {
  const [, below = ''] = page.split(`$ ${command}\n`);
  return below.split('\n```')[0] ?? '';
}

const printed = (text: string, exitCode: number) => `${text}\n$ echo $?\n${exitCode}`;
const command = 'causeway gaps repair --to orders.set-aside';

describe('the answer', () => {
  test('is the plan, as docs/cli.md shows it', async () => {
    const { exitCode, text } = repairAnswer(await planned(await scene()), false, false);

    expect(text(UNSTYLED)).toContain('Run it again with --apply');
    expect(shown(command)).toBe(printed(text(UNSTYLED), exitCode));
  });

  test('is what was done, as docs/cli.md shows it', async () => {
    const world = await scene();
    const plan = await carryOutRepair(await planned(world), world.ports(), () => {});
    const { exitCode, text } = repairAnswer(plan, true, false);

    expect(exitCode).toBe(1);
    expect(text(UNSTYLED)).not.toContain('--apply');
    expect(shown(`${command} --apply`)).toBe(printed(text(UNSTYLED), exitCode));
  });

  test('fits into 80 columns, whatever is told', async () => {
    const world = await scene();
    world.destination = { ...takesAll, maxMessageBytes: 1_700_000, compacted: true, keepsTimestamps: false };
    const plan = await planned(world, { copiedOn: ['us-west->us-east copies it on to us-east, as us-west.set-aside'] });
    world.destination = undefined;

    for (const each of [plan, await planned(world)])
      for (const line of repairAnswer(each, false, false).text(UNSTYLED).split('\n'))
        expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test('says how to make a topic that is not there', async () => {
    const world = await scene();
    world.destination = undefined;

    const { exitCode, text } = repairAnswer(await planned(world), false, false);

    expect(exitCode).toBe(1);
    expect(text(UNSTYLED)).toContain('there is no such topic');
    expect(text(UNSTYLED).replaceAll(/\s+/g, ' ')).toContain('kafka-topics.sh --create --topic orders.set-aside');
  });

  test('is yes where every record is written, also with ranges that nothing was set aside of', async () => {
    const world = new World();
    world.add(orders, { kind: 'retention-gap', from: sourceOffset(40), to: sourceOffset(90), at: NOW });
    world.setAside(orders, 1);
    expect(repairAnswer(await planned(world), false, false).exitCode).toBe(1);

    await carryOutRepair(await planned(world), world.ports(), () => {});

    expect(repairAnswer(await planned(world), false, false).exitCode).toBe(0);
  });

  test('is no for a topic that the flow does not have', async () => {
    const { exitCode, text } = repairAnswer(await planned(await scene(), { topic: 'oders' }), false, false);

    expect(exitCode).toBe(1);
    expect(text(UNSTYLED)).toContain('it has no topic oders');
  });

  test('shows 20 records unless all are asked for', async () => {
    const world = new World();
    for (let offset = 0; offset < 23; offset++) world.setAside(orders, offset);
    const plan = await planned(world);

    expect(repairAnswer(plan, false, false).text(UNSTYLED)).toContain('and 3 more: --all');
    expect(
      repairAnswer(plan, false, true)
        .text(UNSTYLED)
        .match(/to be written/g),
    ).toHaveLength(23);
  });

  test('gives programs the same', async () => {
    const world = await scene();
    const at = '2026-03-01T12:00:00.000Z';
    const of = (topic: string, partition: number, offset: number) => ({ topic, partition, generation: 1, offset });
    const because = '1 of its 4 parts are there';

    expect(repairAnswer(await planned(world), false, false).json).toEqual({
      flow: 'us-east->us-west',
      applied: false,
      destination: { topic: 'orders.set-aside', exists: true, ...takesAll, partitions: 4, remarks: [] },
      absent: [],
      records: [
        {
          ...of('orders', 0, 77),
          outcome: 'repaired',
          repairs: [{ topic: 'orders.set-aside', partition: 0, offset: 16, at }],
        },
        { ...of('orders', 3, 1204), outcome: 'to-write', to: 3, sizeBytes: 1_630_021 },
        { ...of('orders', 3, 1310), outcome: 'to-write', to: 3, sizeBytes: 2_097_152 },
        { ...of('payments', 1, 5), outcome: 'damaged', because },
      ],
      notSetAside: [{ topic: 'payments', partition: 1, generation: 1, kind: 'retention-gap', from: 40, to: 90, at }],
    });
  });
});
