import { expect, it } from 'vitest';
import { describeCommands } from '../../../../local/demo/describe.ts';
import { reportFlows, reportGroups, reportLatencies } from '../../../../local/demo/report.ts';

const proof = (partition: string, changes = {}) => ({
  partition,
  records: 70,
  lost: 0,
  duplicated: 0,
  reordered: 0,
  translated: 20,
  mistranslated: 0,
  ...changes,
});
const WRITTEN = { acknowledged: 210, unknown: 0, sampleEvery: 7 };

function reported(first: ReturnType<typeof proof>, written = WRITTEN) {
  const lines: string[] = [];
  const flows = [
    { flow: 'us-east->us-west', partitions: [first, proof('orders-1')] },
    { flow: 'us-west->us-east', partitions: [proof('orders-0')] },
  ];
  return { holds: reportFlows(flows, written, (line) => lines.push(line)), text: lines.join('\n') };
}

it('says how large the sample of offsets was, of how many records, and how it was drawn', () => {
  const { holds, text } = reported(proof('orders-0'));

  expect(holds).toBe(true);
  expect(text).toContain('210 records compared byte for byte on both sides; 210 were acknowledged\n');
  expect(text).toContain(
    '30 of 210 records sampled, each 7th of a partition: 60 offsets looked up in the offset maps, there and back, 0 wrong',
  );
});

it('adds up the partitions of a topic, each flow apart', () => {
  const { text } = reported(proof('orders-0', { lost: 2 }));

  expect(text).toMatch(/^us-east->us-west orders +140 +2 +0 +0 +40 +0$/m);
  expect(text).toMatch(/^us-west->us-east orders +70 +0 +0 +0 +20 +0$/m);
});

it.each([
  ['an offset is wrong', { mistranslated: 1 }],
  ['a record is lost', { lost: 1 }],
  ['a record was not compared', { records: 69 }],
  ['a record is there that nobody wrote', { records: 71 }],
])('does not hold when %s', (_, changes) => {
  expect(reported(proof('orders-0', changes)).holds).toBe(false);
});

it('holds with and without records of which nobody knows whether they were written', () => {
  const written = { ...WRITTEN, acknowledged: 208, unknown: 2 };

  expect(reported(proof('orders-0'), written)).toMatchObject({
    holds: true,
    text: expect.stringContaining('208 were acknowledged, and 2 of which nobody knows whether they were'),
  });
  expect(reported(proof('orders-0', { records: 68 }), written).holds).toBe(true);
  expect(reported(proof('orders-0', { records: 67 }), written).holds).toBe(false);
});

it('tells the latency of a flow that goes, and apart from it what its beginning took', () => {
  const lines: string[] = [];
  const latencies = [
    { steadyMs: [3, 5], whileItBeganMs: [2_000] },
    { steadyMs: [4], whileItBeganMs: [9_000] },
  ];
  reportLatencies(latencies, (line) => lines.push(line));

  const text = lines.join('\n');
  expect(text).toContain('latency, record timestamp to reader: p50 4 ms, p99 5 ms of 3 records\n');
  expect(text).toMatch(/apart from it 2 records .* p50 2000 ms, p99 9000 ms$/);
});

it('shows where each group read, in the columns of the clusters', () => {
  const lines: string[] = [];
  const read = new Map([['us-west', 30]]);
  const group = { group: 'billing', read, lost: 1, twice: 2, reordered: 3, foreign: 0 };
  reportGroups([group], ['us-east', 'us-west'], (line) => lines.push(line));

  expect(lines.join('\n')).toMatch(/^billing +0 +30 +1 +2 +3$/m);
});

it('says by which commands regions that stay up are asked and stopped', () => {
  const text = describeCommands({ runId: 'r1' });

  expect(text).toContain('npx causeway status --run r1\n');
  expect(text).toContain('npx causeway translate --group billing --run r1\n');
  expect(text).toContain('npm run local -- down r1');
});
