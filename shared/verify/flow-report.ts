import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { COUNTED, NOTHING_FOUND, type Tally } from './difference.ts';
import { jsonIn } from './json.ts';
import type { PartitionReport, Verdict } from './partition.ts';

/** What `causeway verify` found, in the form that is signed. */
export interface FlowReport {
  readonly format: 1;
  readonly flow: string;
  readonly verdict: Verdict;
  /** Why it is unproven, where that is not of single partitions. */
  readonly reason?: string;
  /** When it was begun and ended, ISO 8601. */
  readonly begun: string;
  readonly ended: string;
  /** Records with times from, and up to but not including; absent: no bound. */
  readonly from?: string;
  readonly to?: string;
  readonly windowMinutes: number;
  readonly records: Tally;
  /** Those that are not complete first. */
  readonly partitions: readonly PartitionReport[];
}

const WORST_FIRST: readonly Verdict[] = ['different', 'unproven', 'complete'];

/** Of nothing at all nothing is proven. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'unproven';
}

export function bySeverity(one: PartitionReport, other: PartitionReport): number {
  const severity = ({ verdict }: PartitionReport) => WORST_FIRST.indexOf(verdict);
  const name = ({ topic }: PartitionReport) => topic;
  return severity(one) - severity(other) || name(one).localeCompare(name(other)) || one.partition - other.partition;
}

export function sumOf(partitions: readonly PartitionReport[]): Tally {
  const sum = { ...NOTHING_FOUND };
  for (const { records } of partitions) for (const name of COUNTED) sum[name] += records[name];
  return sum;
}

const signature = z.object({
  algorithm: z.string(),
  /** PEM, SPKI. */
  publicKey: z.string(),
  /** Base64, of the digest's bytes. */
  value: z.base64(),
});
const sealed = z.object({
  report: z.looseObject({ flow: z.string(), verdict: z.string(), ended: z.string() }),
  sha256: z.string(),
  signature: signature.optional(),
});

/** A report, the SHA-256 of its canonical JSON, and who vouches for it. */
export interface SealedReport<R = FlowReport> {
  readonly report: R;
  readonly sha256: string;
  readonly signature?: z.infer<typeof signature> | undefined;
}

/** @param key undefined: nobody signs */
export function seal<R>(report: R, key: KeyObject | undefined): SealedReport<R> {
  const digest = digestOf(report);
  const sha256 = digest.toString('hex');
  if (key === undefined) return { report, sha256 };
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  const value = sign(hashFor(key), digest, key).toString('base64');
  return { report, sha256, signature: { algorithm: key.asymmetricKeyType ?? 'unknown', publicKey, value } };
}

/**
 * What is wrong with a report that was written before; empty: it is as the key signed it. By its digest alone nothing is known:
 * who changes a report makes another digest as well.
 */
export function faultsOf(text: string, key: KeyObject): readonly string[] {
  const parsed = sealed.safeParse(jsonIn(text));
  if (!parsed.success) return ['it is no report of causeway verify'];
  const { report, sha256, signature: by } = parsed.data;
  const digest = digestOf(report);
  if (digest.toString('hex') !== sha256) return ['it was changed after it was written: its digest is another'];
  if (by === undefined) return ['nobody signed it'];
  const isSigned = verify(hashFor(key), digest, key, Buffer.from(by.value, 'base64'));
  return isSigned ? [] : ['it was not signed with that key'];
}

/** Ed25519 and Ed448 hash by themselves. */
function hashFor({ asymmetricKeyType }: KeyObject): 'sha256' | null {
  return asymmetricKeyType === 'ed25519' || asymmetricKeyType === 'ed448' ? null : 'sha256';
}

function digestOf(value: unknown): Buffer {
  return createHash('sha256').update(canonical(value)).digest();
}

/** JSON with the members of objects sorted and without spaces, so that the same report has the same bytes. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
