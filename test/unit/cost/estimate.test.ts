import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimate } from '../../../shared/cost/estimate.ts';
import { PRICES, pricesWith } from '../../../shared/cost/prices.ts';
import { question } from './question.ts';

type Asked = Parameters<typeof question>;

function parts(...asked: Asked): Readonly<Record<string, number>> {
  const found = estimate(question(...asked)).flows.flatMap((flow) => flow.parts);
  return Object.fromEntries(found.map(({ name, usdPerMonth }) => [name, usdPerMonth]));
}

function quantities(...asked: Asked): Readonly<Record<string, number>> {
  const found = estimate(question(...asked)).flows.flatMap((flow) => flow.parts);
  return Object.fromEntries(found.map(({ name, quantity }) => [name, quantity]));
}

describe('what grows with traffic', () => {
  test('2,628,000 deliveries a month are $0.53 of requests and one write unit each', () => {
    const found = parts();

    expect(found['replicate, requests']).toBeCloseTo(0.5256, 6);
    expect(found['offset map, writes']).toBeCloseTo(1.6425, 6);
  });

  test('compute is deliveries by their time by memory', () => {
    const cpuMs = 380.517_503_8 * 3.454_285_714 * 1e-3;
    const gbSeconds = 2_628_000 * ((cpuMs + 140) / 1_000) * (1_769 / 1_024);

    expect(parts()['replicate, compute']).toBeCloseTo(gbSeconds * 0.0000133334, 3);
  });

  test('a TB to another region is $20, half of it compressed to a half, half of it to Ohio, nothing within a region', () => {
    expect(parts()['transfer of records']).toBeCloseTo(20, 9);
    expect(parts({ compressedTo: 0.5 })['transfer of records']).toBeCloseTo(10, 9);
    expect(parts({}, { targetRegion: 'us-east-2' })['transfer of records']).toBeCloseTo(10, 9);
    expect(parts({}, { targetRegion: 'us-east-1' })).not.toHaveProperty('transfer of records');
  });

  test('each topic has a unit of pollers, more beyond 20 MB/s at its peak, and none on demand', () => {
    const many = { topics: 10, partitions: 60 };

    expect(parts(many)['provisioned pollers']).toBeCloseTo(10 * 730 * 0.185, 9);
    expect(quantities({ ...many, tbPerMonth: 300 })['provisioned pollers']).toBe(10 * 2 * 730);
    expect(quantities(many, { minimumPollers: 25 })['provisioned pollers']).toBe(10 * 3 * 730);
    expect(parts(many, { minimumPollers: undefined })).not.toHaveProperty('provisioned pollers');
  });

  test('topics in a group share units: of ten pollers, of 20 MB/s', () => {
    const units = (topics: number, tbPerMonth = 1, minimumPollers = 1) => {
      const asked = { topics, partitions: topics * 6, tbPerMonth };
      return (quantities(asked, { pollerGroup: true, minimumPollers })['provisioned pollers'] ?? 0) / 730;
    };

    expect(units(10)).toBe(1);
    expect(units(11)).toBe(2);
    expect(units(10, 1, 3)).toBe(3);
    // 300 TB a month are 114 MB/s, and 228 at the peak.
    expect(units(10, 300)).toBe(12);
    expect(units(250)).toBe(25);
  });
});

describe('what a flow at rest costs', () => {
  test('three functions at work all the time and one for two seconds a minute', () => {
    const found = quantities({}, { heartbeatsBack: false });

    expect(found['functions at rest']).toBe(3_285_000 + 43_800);
    expect(found['their requests']).toBe(4 * 43_800);
  });

  test('a flow has ten metrics and six a topic that is measured, of which docs/metrics.md makes $21 for ten', () => {
    expect(parts({}, { topicsMeasured: 10, runbooks: false })['custom metrics']).toBeCloseTo(21, 9);
    expect(quantities({}, { topicsMeasured: 0, runbooks: false })['custom metrics']).toBe(10);
    expect(quantities({}, { topicsMeasured: 0 })['custom metrics']).toBeCloseTo(12 + 2 / 24, 9);
  });

  test('heartbeats that do not arrive have neither the metric of their way nor its alarms', () => {
    const [all, without] = [quantities({}), quantities({}, { heartbeatsArrive: false })];

    expect((all['custom metrics'] ?? 0) - (without['custom metrics'] ?? 0)).toBe(1);
    expect((all.alarms ?? 0) - (without.alarms ?? 0)).toBe(3);
    expect(without['functions at rest']).toBe(all['functions at rest']);
  });

  test('without heartbeats, checkpoints and runbooks neither they nor their metrics and alarms are there', () => {
    const all = quantities();
    const few = quantities(
      {},
      { heartbeats: false, heartbeatsBack: false, checkpointSeconds: undefined, runbooks: false },
    );

    expect(few['custom metrics']).toBe(16 - 3);
    expect(few.alarms).toBeLessThan(all.alarms ?? 0);
    expect(few).not.toHaveProperty('source’s ends');
    expect(few).not.toHaveProperty('dry runs');
    expect(few['their requests']).toBe(2 * 43_800);
  });

  test('HEADs are read by who looks at all partitions, checkpoint oftenest', () => {
    const asked = { partitions: 60, tbPerMonth: 0 };

    expect(quantities({ ...asked, groups: 0 })['offset map, reads']).toBe(60 * 43_800);
    expect(quantities(asked)['offset map, reads']).toBe(60 * (43_800 + 525_600));
  });

  test('the source’s ends of 500 partitions are some $13, as docs/groups.md says', () => {
    expect(parts({ partitions: 500 })['source’s ends']).toBeCloseTo(13.14, 2);
    expect(parts({ partitions: 50 })['source’s ends']).toBeCloseTo(3.285, 2);
  });
});

describe('others', () => {
  test('an MSK Replicator is its hours, what it processes and the transfer', () => {
    const [replicator] = estimate(question({ tbPerMonth: 10 })).peers;

    expect(replicator?.usdPerMonth).toBeCloseTo(730 * 0.3 + 10_000 * 0.08 + 10_000 * 0.02, 6);
  });

  test('MirrorMaker 2 has four units at least, and more where its CPU time needs them', () => {
    const units = (tbPerMonth: number) => estimate(question({ tbPerMonth })).peers[1]?.parts[0]?.quantity;

    expect(units(10)).toBe(4 * 730);
    // 500 TB are 500,000 million records of 22.17 CPU seconds: 4.2 CPUs, and 8.4 at the peak.
    expect((units(500) ?? 0) / 730).toBeCloseTo(8.43 + 2, 2);
  });
});

describe('the whole', () => {
  test('is the sum of its parts, and of its flows', () => {
    const asked = question();
    const found = estimate({ ...asked, flows: [...asked.flows, ...asked.flows] });
    const [flow] = found.flows;
    const sum = (flow?.parts ?? []).reduce((all, { usdPerMonth }) => all + usdPerMonth, 0);

    expect(flow?.usdPerMonth).toBeCloseTo(sum, 9);
    expect(found.usdPerMonth).toBeCloseTo(2 * sum, 9);
  });

  test('never gets cheaper with more traffic', () => {
    const tb = fc.double({ min: 0, max: 500, noNaN: true });
    const settings = fc.record({
      batchingWindowSeconds: fc.integer({ min: 0, max: 10 }),
      minimumPollers: fc.constantFrom(undefined, 1, 20),
      pollerGroup: fc.boolean(),
    });
    fc.assert(
      fc.property(tb, tb, fc.integer({ min: 1, max: 50 }), settings, (a, b, topics, own) => {
        const [less, more] = [a, b].toSorted((one, other) => one - other);
        const at = (tbPerMonth: number | undefined = 0) =>
          estimate(question({ tbPerMonth, topics, partitions: topics * 6 }, own)).usdPerMonth;
        expect(at(more)).toBeGreaterThanOrEqual(at(less) - 1e-6);
      }),
    );
  });

  test('goes by the prices that it is given', () => {
    const asked = question();
    const dear = estimate({ ...asked, prices: pricesWith(new Map([['transferGb', 0.09]])) });
    const transfer = dear.flows[0]?.parts.find(({ name }) => name === 'transfer of records');

    expect(transfer?.usdPerMonth).toBeCloseTo(90, 9);
    expect(pricesWith().transferGb).toBe(0.02);
  });
});

test('every price has a date, a source and a region', () => {
  for (const { lookedUp, source, region, usd } of Object.values(PRICES)) {
    expect(lookedUp).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(source).not.toBe('');
    expect(region).toBe('us-east-1');
    expect(usd).toBeGreaterThan(0);
  }
});
