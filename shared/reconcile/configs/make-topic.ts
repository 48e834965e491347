import { CausewayError } from '../../flow/errors.ts';
import type { FlowId } from '../../flow/flow.ts';
import type { NewRemoteTopic, TargetTopics } from '../ports.ts';
import { ConfigRefusedError } from './errors.ts';
import { isOfTheValue } from './refusal.ts';

export interface MadeTopic {
  /** Id of the topic if it is new; undefined when it was there before. */
  readonly topicId: string | undefined;
  /** Settings that it was made without. */
  readonly errors: readonly CausewayError[];
}

/**
 * Makes a remote topic with its source's settings. Where the target does not take them, each is tried by itself, and the
 * topic is made with those that it takes: a setting that it does not know keeps no topic from being copied.
 * @throws what the port throws when the settings are not to blame
 */
export async function makeRemoteTopic(
  flow: FlowId,
  topic: string,
  remote: NewRemoteTopic,
  target: Pick<TargetTopics, 'create' | 'check'>,
): Promise<MadeTopic> {
  try {
    return { topicId: await target.create(remote), errors: [] };
  } catch (error) {
    if (!isOfTheValue(error)) throw error;
    const taken: Record<string, string> = {};
    const errors: CausewayError[] = [];
    for (const [name, value] of Object.entries(remote.configs)) {
      const refusal = await refusalOf(target.check({ ...remote, configs: { [name]: value } }));
      if (refusal === undefined) taken[name] = value;
      else errors.push(new ConfigRefusedError(flow, name, [topic], refusal));
    }
    if (errors.length === 0) throw error;
    return { topicId: await target.create({ ...remote, configs: taken }), errors };
  }
}

async function refusalOf(check: Promise<void>): Promise<CausewayError | undefined> {
  try {
    await check;
    return undefined;
  } catch (error) {
    if (error instanceof CausewayError && isOfTheValue(error)) return error;
    throw error;
  }
}
