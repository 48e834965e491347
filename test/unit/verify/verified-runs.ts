import type { FlowPartition } from '../../../shared/flow/flow.ts';
import type { Difference } from '../../../shared/verify/difference.ts';
import type { VerifyPorts } from '../../../shared/verify/ports.ts';
import { type VerifiedNew, type VerifyNewOptions, verifyNew } from '../../../shared/verify/verify-new.ts';
import type { Slice } from '../../../shared/verify/verify-slice.ts';
import type { MemoryPlaces } from './memory-places.ts';
import { BEGUN, copied, FLOW, portsOf, recordsUpTo, run, type Scene } from './scene.ts';

export const COUNT = 3_000;
export const source = recordsUpTo(COUNT);
export const whole: Scene = { source, target: copied(source), runs: [run(0, 0, COUNT)] };
/** When all records were written, and a while after. */
export const LATER = BEGUN + 100_000_000;
export const flipped = { key: 'AAAA' };
export const orders: FlowPartition = {
  flow: FLOW,
  topic: 'orders',
  remoteTopic: 'us-east.orders',
  partition: 0,
  generation: 1,
};

export interface Ran extends VerifiedNew {
  readonly slices: readonly Slice[];
  readonly differences: readonly Difference[];
}

/** One run, of as much time as it takes. */
export async function ran(
  scene: Scene,
  places: MemoryPlaces,
  { ports, ...options }: Partial<VerifyNewOptions> & { readonly ports?: Partial<VerifyPorts> } = {},
): Promise<Ran> {
  const slices: Slice[] = [];
  const found = await verifyNew({ ...portsOf(scene), now: () => LATER, ...ports }, places, {
    ...{ until: Number.POSITIVE_INFINITY, sliceMs: Number.POSITIVE_INFINITY, sideBySide: 2, mostApart: 1_000 },
    different: (slice) => slices.push(slice),
    ...options,
  });
  return { ...found, slices, differences: slices.flatMap(({ findings }) => findings.told) };
}

/** As HEAD stood when so many were replicated. */
export function upTo(count: number, scene: Scene = whole): Scene {
  return {
    ...scene,
    runs: [run(0, 0, count)],
    ...{ nextSource: count, nextTarget: count, head: () => ({ version: count }) },
  };
}

/** The copies, with something done to them. */
export function changed(...offsets: readonly number[]): Scene {
  const target = source.map((each) => (offsets.includes(each.offset) ? { ...each, ...flipped } : each));
  return { ...whole, target: copied(target) };
}
