import { expect, it } from 'vitest';
import { Latencies } from '../../../../local/demo/latencies.ts';

it('counts what was written before the first copy arrived apart from what was written afterwards', () => {
  const latencies = new Latencies();

  latencies.note(1_000, 3_500);
  latencies.note(3_400, 3_600);
  latencies.note(3_500, 3_700);
  latencies.note(5_000, 5_300);

  expect(latencies.whileItBeganMs).toEqual([2_500, 200]);
  expect(latencies.steadyMs).toEqual([200, 300]);
});

it('gives each latency to the view once', () => {
  const latencies = new Latencies();
  latencies.note(1_000, 1_500);

  expect(latencies.takeLatest()).toEqual([500]);
  latencies.note(2_000, 2_100);
  expect(latencies.takeLatest()).toEqual([100]);
  expect(latencies.takeLatest()).toEqual([]);
});
