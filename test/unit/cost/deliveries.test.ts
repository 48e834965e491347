import { describe, expect, test } from 'vitest';
import { deliveriesOf, measuredCpuSeconds } from '../../../shared/cost/deliveries.ts';
import type { FlowSettings, Workload } from '../../../shared/cost/workload.ts';
import { question } from './question.ts';

function deliveries(workload: Partial<Workload> = {}, settings: Partial<FlowSettings> = {}) {
  const asked = question(workload, settings);
  const [flow] = asked.flows;
  if (flow === undefined) throw new Error('the question has no flow');
  return deliveriesOf(asked.workload, flow, asked.assumptions);
}

describe('deliveries', () => {
  test('with a window of a second there is one a second of each topic', () => {
    const found = deliveries();

    expect(found.recordsPerMonth).toBe(1e9);
    expect(found.perMonth).toBeCloseTo(2_628_000, 3);
    expect(found.recordsEach).toBeCloseTo(380.52, 2);
    expect(deliveries({ topics: 10, partitions: 10 }).perMonth).toBeCloseTo(26_280_000, 3);
  });

  test('without a window there is one each 100 ms, as long as there are records', () => {
    expect(deliveries({}, { batchingWindowSeconds: 0 }).perMonth).toBeCloseTo(26_280_000, 3);
    expect(deliveries({ tbPerMonth: 0.001 }, { batchingWindowSeconds: 0 }).perMonth).toBe(1e6);
  });

  test('no delivery has more than fits into 6 MB of JSON, or than the batch size', () => {
    const busy = { tbPerMonth: 1_000 };

    expect(deliveries(busy).recordsEach).toBe(Math.floor(6_291_456 / (1_000 * (4 / 3) + 150)));
    expect(deliveries(busy, { batchSize: 500 }).recordsEach).toBe(500);
    expect(deliveries({ ...busy, recordBytes: 100 }).recordsEach).toBe(10_000);
    expect(deliveries({ ...busy, recordBytes: 6_000_000 }).recordsEach).toBe(1);
  });

  test('a delivery takes its CPU time, more with less than a CPU, and two round trips', () => {
    const { recordsEach, cpuMsEach, durationMsEach } = deliveries();

    expect(cpuMsEach).toBeCloseTo((recordsEach * measuredCpuSeconds(1_000)) / 1_000, 9);
    expect(durationMsEach).toBeCloseTo(cpuMsEach + 140, 9);
    expect(deliveries({}, { replicateMemoryMb: 1_769 / 2 }).cpuMsEach).toBeCloseTo(2 * cpuMsEach, 9);
    expect(deliveries({}, { replicateMemoryMb: 3_538 }).cpuMsEach).toBeCloseTo(cpuMsEach, 9);
  });

  test('CPU time is what the bench printed, and a straight line between', () => {
    expect(measuredCpuSeconds(100)).toBe(1.74);
    expect(measuredCpuSeconds(1_024)).toBe(3.5);
    expect(measuredCpuSeconds(562)).toBeCloseTo(2.62, 9);
  });

  test('a delivery with many records has some of every partition of its topic', () => {
    expect(deliveries({ partitions: 6 }).partitionsEach).toBeCloseTo(6, 9);
    expect(deliveries({ partitions: 6, tbPerMonth: 0.000001 }).partitionsEach).toBeCloseTo(1, 9);
    expect(deliveries({ partitions: 2, recordBytes: 190_259 }).partitionsEach).toBeCloseTo(1.5, 4);
  });
});
