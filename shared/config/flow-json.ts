import { LiteralSecretError } from './errors.ts';
import { type Flow, flowSchema } from './flow-schema.ts';
import { LiteralSecret } from './secrets/literal.ts';
import type { SecretReference } from './secrets/reference.ts';

/** Puts a secret of the file where it can be referred to. Called once for each. */
export type Deposit = (secret: LiteralSecret) => SecretReference;

/**
 * A flow as JSON, for the environment of a function (typically under 4 KB).
 * @param deposit what to do with secrets that stand in the file itself
 * @throws LiteralSecretError for such a secret when there is no `deposit`
 */
export function encodeFlow(flow: Flow, deposit?: Deposit): string {
  const deposited = new Map<string, SecretReference>();
  return JSON.stringify(
    withoutLiterals(flow, (secret) => {
      if (deposit === undefined) throw new LiteralSecretError(secret);
      const known = deposited.get(secret.reveal()) ?? deposit(secret);
      deposited.set(secret.reveal(), known);
      return known;
    }),
  );
}

/**
 * Reads what `encodeFlow` wrote.
 * @throws SyntaxError or ZodError for anything else
 */
export function decodeFlow(json: string): Flow {
  return flowSchema.parse(JSON.parse(json));
}

function withoutLiterals(value: unknown, deposit: Deposit): unknown {
  if (value instanceof LiteralSecret) return deposit(value);
  if (Array.isArray(value)) return value.map((item) => withoutLiterals(item, deposit));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutLiterals(item, deposit)]));
}
