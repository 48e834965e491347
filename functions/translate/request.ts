import { z } from 'zod';
import { Direction } from '../../shared/client/translate/answer.ts';
import { InvalidTranslationRequest } from '../../shared/client/translate/errors.ts';

const name = z.string().min(1).max(249);
const whole = z.int().min(0);
/** `forward`: the offset or group is one of the flow's source; `backward`: of its target. */
const direction = z.enum(Direction).default(Direction.Forward);

/** What may be asked; docs/client.md has it with examples. */
export const translateRequest = z.union([
  z.strictObject({ group: z.string().min(1), direction }),
  /** The topic by its name on either cluster. */
  z.strictObject({ topic: name, partition: whole, offset: whole, direction }),
]);

export type TranslateRequest = z.infer<typeof translateRequest>;

/** How it was asked, which is how it is answered. */
export type Asked =
  | { readonly by: 'invoke'; readonly question: unknown }
  | { readonly by: 'url'; readonly method: string; readonly question: () => unknown };

/** The event of a function URL (payload format 2.0), as far as it counts. */
const urlEvent = z.object({
  version: z.literal('2.0'),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  queryStringParameters: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
});

/** An invocation's event is the question itself; a function URL has it in its query (GET) or its body (POST). */
export function readEvent(event: unknown): Asked {
  const url = urlEvent.safeParse(event);
  if (!url.success) return { by: 'invoke', question: event };
  const { requestContext, queryStringParameters, body = '', isBase64Encoded } = url.data;
  const { method } = requestContext.http;
  const text = () => (isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
  const question = () => (method === 'POST' ? parseJson(text()) : withNumbers(queryStringParameters ?? {}));
  return { by: 'url', method, question };
}

/** @throws InvalidTranslationRequest with everything that is wrong with it */
export function parseRequest(question: unknown): TranslateRequest {
  const parsed = translateRequest.safeParse(question);
  if (parsed.success) return parsed.data;
  if (typeof question !== 'object' || question === null || Array.isArray(question))
    throw new InvalidTranslationRequest(`the question is no JSON object: ${JSON.stringify(question)}`);
  const members = new Map(Object.entries(question));
  if (members.size === 0) throw new InvalidTranslationRequest('nothing is asked');
  // Of the two forms, only what the one that was meant lacks is of use.
  const form = members.has('group') ? 0 : 1;
  const found = translateRequest.options[form]?.safeParse(question).error ?? parsed.error;
  const beside = form === 0 ? 'not asked beside a group' : 'nothing that can be asked';
  throw new InvalidTranslationRequest(found.issues.map((issue) => faultOf(issue, members, beside)).join('; '));
}

const EXPECTED: Readonly<Record<string, string>> = {
  group: 'a name',
  topic: 'a name of at most 249 characters',
  partition: 'a whole number from 0',
  offset: 'a whole number from 0',
  direction: Object.values(Direction).join(' or '),
};

function faultOf(issue: z.core.$ZodIssue, members: ReadonlyMap<string, unknown>, beside: string): string {
  if (issue.code === 'unrecognized_keys')
    return `${issue.keys.join(', ')} ${issue.keys.length === 1 ? 'is' : 'are'} ${beside}`;
  const member = String(issue.path[0]);
  if (!members.has(member)) return `${member} is missing`;
  return `${member} is ${JSON.stringify(members.get(member))}, expected ${EXPECTED[member]}`;
}

function parseJson(text: string): unknown {
  if (text === '') throw new InvalidTranslationRequest('there is no body');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidTranslationRequest(`the body is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** A query has texts only. A group may well be called 42. */
function withNumbers({ partition, offset, ...texts }: Readonly<Record<string, string>>): unknown {
  return {
    ...texts,
    ...(partition !== undefined && { partition: numberIn(partition) }),
    ...(offset !== undefined && { offset: numberIn(offset) }),
  };
}

function numberIn(text: string): unknown {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}
