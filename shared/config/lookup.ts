import { SecretUnavailableError } from './errors.ts';
import { describeReference, type Resolve, type SecretReference } from './secrets/reference.ts';

/** What came of looking a reference up when the file was read. */
export type Found = { readonly value: string } | { readonly reason: string };

/** By the reference as `describeReference` writes it. */
export type LookedUp = ReadonlyMap<string, Found>;

/** Looks each reference up once. One that cannot be read is a fault of the lines that need it, not an error. */
export async function lookUpAll(references: readonly SecretReference[], resolve: Resolve): Promise<LookedUp> {
  const distinct = new Map(references.map((reference) => [describeReference(reference), reference]));
  return new Map(
    await Promise.all([...distinct].map(async ([written, each]) => [written, await lookUp(each, resolve)] as const)),
  );
}

async function lookUp(reference: SecretReference, resolve: Resolve): Promise<Found> {
  try {
    return { value: await resolve(reference) };
  } catch (error) {
    if (error instanceof SecretUnavailableError) return { reason: error.reason };
    throw error;
  }
}

/** What was expected where a reference was not found. */
export function describeMissing(reference: SecretReference, found: LookedUp): string {
  const result = found.get(describeReference(reference));
  const reason = result !== undefined && 'reason' in result ? result.reason : 'it was not looked up';
  return `${describeReference(reference)} to be found, which is needed now: ${reason}`;
}

/** The value of a reference, undefined where there is none. */
export function foundValue(reference: SecretReference, found: LookedUp): string | undefined {
  const result = found.get(describeReference(reference));
  return result !== undefined && 'value' in result ? result.value : undefined;
}
