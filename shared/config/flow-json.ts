import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { LiteralSecretError } from './errors.ts';
import { type Flow, type FlowEnd, flowSchema } from './flow-schema.ts';
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
  const referred = (secret: LiteralSecret) => {
    if (deposit === undefined) throw new LiteralSecretError(secret);
    const known = deposited.get(secret.reveal()) ?? deposit(secret);
    deposited.set(secret.reveal(), known);
    return known;
  };
  const { source, target, ...rest } = flow;
  return JSON.stringify(withoutLiterals({ source: short(source), target: short(target), ...rest }, referred));
}

/**
 * Reads what `encodeFlow` wrote.
 * @throws SyntaxError or ZodError for anything else
 */
export function decodeFlow(json: string): Flow {
  const { source, target, ...rest } = encodedSchema.parse(JSON.parse(json));
  return flowSchema.parse({ source: long(source), target: long(target), ...rest });
}

/** A cluster's two clients are mostly alike: of `admin` only what differs from `data` is written. */
function short({ admin, ...end }: FlowEnd): object {
  const likeData = new Map<string, unknown>(Object.entries(end.data));
  const own = Object.entries(admin).filter(([name, value]) => !isDeepStrictEqual(value, likeData.get(name)));
  return { ...end, admin: Object.fromEntries(own) };
}

const endSchema = z.looseObject({ admin: z.looseObject({}), data: z.looseObject({}) });
const encodedSchema = z.looseObject({ source: endSchema, target: endSchema });

function long(end: z.infer<typeof endSchema>): object {
  return { ...end, admin: { ...end.data, ...end.admin } };
}

function withoutLiterals(value: unknown, deposit: Deposit): unknown {
  if (value instanceof LiteralSecret) return deposit(value);
  if (Array.isArray(value)) return value.map((item) => withoutLiterals(item, deposit));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutLiterals(item, deposit)]));
}
