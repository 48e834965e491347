import type { KafkaRecord } from '../../../shared/records/record.ts';
import { copied, recordsUpTo, run } from './scene.ts';

export const COUNT = 12_000;
export const source = recordsUpTo(COUNT);
export const runs = [run(0, 0, COUNT)];

/** The copies, with something done to them; what follows moves up. */
export function target(change: (copies: KafkaRecord[]) => void): KafkaRecord[] {
  const copies = source.map((each) => ({ ...each }));
  change(copies);
  return copied(copies);
}

export const flipped = { value: Buffer.from('value 5001').toString('base64') };
