import {
  GetParameterCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { ClientState } from '../../runbook/registry/entry.ts';
import type { PublishedEntry } from '../../runbook/registry/published-entry.ts';

/** The parameters of one AWS region. */
export interface ParameterRegion {
  readonly region: string;
  readonly client: SSMClient;
}

/** Loose: applications may have an older version of this than what publishes. */
const parameterValue = z.object({
  version: z.int().nonnegative(),
  active: z.string().min(1),
  bootstrapServers: z.string().min(1),
  clients: z.enum(ClientState),
  generation: z.int().nonnegative(),
  changedAt: z.int().nonnegative(),
});

/** A parameter as one region has it. */
export interface StoredParameter {
  readonly value: string;
  /** SSM's own count of the parameter's values; 0 of one that is not there. */
  readonly valueVersion: number;
}

const ABSENT: StoredParameter = { value: '', valueVersion: 0 };

/** An empty value where there is no such parameter. @throws the SDK's errors, also when `signal` ends it */
export async function getParameter(client: SSMClient, name: string, signal: AbortSignal): Promise<StoredParameter> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }), { abortSignal: signal });
    return { value: Parameter?.Value ?? '', valueVersion: Parameter?.Version ?? 0 };
  } catch (error) {
    if (error instanceof ParameterNotFound) return ABSENT;
    throw error;
  }
}

/**
 * Answers which of SSM's values it has become; 0 where `replaces` is none, and somebody else has made one since: then nothing
 * is written.
 *
 * @param replaces `valueVersion` of what was read
 * @throws the SDK's errors, also when `signal` ends it
 */
export async function putEntry(
  client: SSMClient,
  name: string,
  entry: PublishedEntry,
  replaces: number,
  signal: AbortSignal,
): Promise<number> {
  const put = new PutParameterCommand({
    Name: name,
    Type: 'String',
    Value: JSON.stringify(entry),
    Description: 'Where the applications of a flow run. Written by the runbooks of Causeway.',
    Overwrite: replaces > 0,
  });
  try {
    const { Version } = await client.send(put, { abortSignal: signal });
    return Version ?? 0;
  } catch (error) {
    if (replaces === 0 && error instanceof ParameterAlreadyExists) return 0;
    throw error;
  }
}

/** @throws SyntaxError or ZodError when the value is not one that {@link putEntry} wrote */
export function parseEntry(value: string): PublishedEntry {
  return parameterValue.parse(JSON.parse(value));
}
