import { expect, test } from 'vitest';
import { Attempt } from '../../../shared/append/attempt.ts';
import { createHead } from '../../../shared/append/create.ts';
import { HeadMemory } from '../../../shared/append/memory.ts';
import type { HeadWrite } from '../../../shared/append/ports.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { contextOf } from '../../simulator/ports.ts';
import { scenario } from '../../simulator/scenario.ts';
import { Simulation } from '../../simulator/simulation.ts';

interface Noted {
  /** First offset that is to be copied. */
  readonly begin: number;
  readonly firstDelivered: number;
  /** Of the source's log. */
  readonly logEnd: number;
}

/** Where the map of a partition begins, and which of the delivery's records are due by it. */
async function begun({ begin, firstDelivered, logEnd }: Noted) {
  const simulation = new Simulation(scenario({ name: 'begins', records: 1 }));
  const [environment] = simulation.environments;
  if (!environment) throw new Error('no environment');
  const { target, source, heads, partition, ...others } = contextOf(simulation, environment, simulation.settings);
  const written: HeadWrite[] = [];
  const context = {
    ...others,
    partition: { ...partition, begin },
    source: {
      ...source,
      state: async () => ({ topicId: 'source', leaderEpoch: 0 }),
      holds: async () => true,
      logEnd: async () => sourceOffset(logEnd),
    },
    target: {
      ...target,
      topicId: async () => 'target',
      bounds: async () => ({ logStart: targetOffset(0), highWatermark: targetOffset(0) }),
      initProducer: async () => ({ producerId: 9n, epoch: 0 }),
    },
    heads: {
      ...heads,
      write: async (_: unknown, _expected: number, write: HeadWrite) => {
        written.push(write);
        return 'written' as const;
      },
    },
  };
  const records = [0, 1, 2].map((each) => ({ offset: firstDelivered + each, timestamp: simulation.now }));
  const delivery = { records, firstOffset: firstDelivered, deadline: simulation.now + 60_000, invocation: 'i' };
  const attempt = new Attempt({ ...context }, delivery, new HeadMemory());
  await createHead(attempt);
  const head = written[0]?.head;
  return { nextSource: head?.nextSource, due: head && attempt.remaining(head).map(({ offset }) => offset) };
}

test.each<[string, Noted, number, readonly number[]]>([
  ['with the first record that it is delivered', { begin: 7, firstDelivered: 7, logEnd: 10 }, 7, [7, 8, 9]],
  ['behind what is delivered of the time before', { begin: 8, firstDelivered: 7, logEnd: 10 }, 8, [8, 9]],
  ['behind all of a delivery of the time before', { begin: 90, firstDelivered: 7, logEnd: 100 }, 90, []],
  ['later, where retention was faster', { begin: 5, firstDelivered: 7, logEnd: 10 }, 7, [7, 8, 9]],
  ['anew with a log that was cut back since', { begin: 90, firstDelivered: 7, logEnd: 10 }, 7, [7, 8, 9]],
])('the map of a partition that does not begin at its start begins %s', async (_, noted, nextSource, due) => {
  expect(await begun(noted)).toEqual({ nextSource, due });
});
