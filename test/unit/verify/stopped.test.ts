import { describe, expect, test } from 'vitest';
import { KafkaDeadlineError } from '../../../shared/adapters/kafka/errors.ts';
import type { PartitionState } from '../../../shared/verify/partition.ts';
import type { VerifyPorts } from '../../../shared/verify/ports.ts';
import { COUNT, flipped, runs, source, target } from './long-logs.ts';
import { copied, portsOf, run, type Scene, verified } from './scene.ts';

describe('a comparison that is stopped', () => {
  const changed = target((copies) => {
    Object.assign(copies[2_000] ?? {}, flipped);
    copies.splice(6_000, 1);
  });
  const scene: Scene = { source, target: changed, runs: [run(0, 0, COUNT - 1)], nextSource: COUNT, ledger: [] };

  test('goes on where it was, as often as it takes, and says the same in the end', async () => {
    const whole = await verified(scene);
    const states = new Map<string, PartitionState>();
    let stops = 0;
    let report = whole;
    do {
      const stop = new AbortController();
      let turns = 0;
      report = await verified(scene, {
        states: new Map(states),
        signal: stop.signal,
        onTurn: (underway) => {
          for (const [key, { state }] of underway) states.set(key, JSON.parse(JSON.stringify(state())));
          if (++turns === 8) stop.abort();
        },
      });
      stops++;
    } while (report.partitions[0]?.reason !== undefined && stops < 100);

    expect(stops).toBeGreaterThan(1);
    expect(report.partitions).toEqual(whole.partitions);
  });

  test('says that it is unproven until then', async () => {
    const stop = new AbortController();
    stop.abort();

    const report = await verified({ ...scene, target: copied(source), runs }, { signal: stop.signal });

    expect(report.verdict).toBe('unproven');
    expect(report.partitions[0]?.reason).toContain('--state');
  });
});

describe('stopped while a cluster is asked, which ends by that', () => {
  const ended = new KafkaDeadlineError('us-east', 'Fetch of orders-0');
  const copies = target((all) => Object.assign(all[0] ?? {}, flipped));
  const scene = { source, target: copies, runs };

  test('a partition is told as stopped, with what was found until then', async () => {
    const stop = new AbortController();
    const read: VerifyPorts['read'] = async function* (side, place, from) {
      for await (const answer of portsOf(scene).read(side, place, from)) {
        if (answer.batches.some(({ header }) => header.baseOffset > COUNT / 2)) {
          stop.abort();
          throw ended;
        }
        yield answer;
      }
    };

    const { partitions } = await verified(scene, { signal: stop.signal, ports: { read } });

    expect(partitions).toMatchObject([
      { verdict: 'different', reason: expect.stringMatching(/^it was stopped/), records: { changed: 1 } },
    ]);
    expect(partitions[0]?.records.same).toBeGreaterThan(1_000);
  });

  test('one that was not begun is, too', async () => {
    const stop = new AbortController();
    const logBounds = async () => {
      stop.abort();
      throw ended;
    };

    const { partitions } = await verified(scene, { signal: stop.signal, ports: { logBounds } });

    expect(partitions).toMatchObject([{ verdict: 'unproven', reason: expect.stringMatching(/^it was stopped/) }]);
  });

  test('one that a cluster did not answer in time, though nobody stopped it, has the code', async () => {
    const logBounds = () => Promise.reject(ended);

    const { partitions } = await verified(scene, { ports: { logBounds } });

    expect(partitions).toMatchObject([{ verdict: 'unproven', reason: expect.stringMatching(/^KAFKA_DEADLINE/) }]);
  });
});
