import type { Flow } from '../../config/flow-schema.ts';
import type { Arguments } from '../arguments.ts';
import { UsageError } from '../errors.ts';
import { type Acl, describeAcl } from './acl.ts';
import { aclsIn } from './acl-arguments.ts';
import { explainAcl } from './explain-acl.ts';
import { explainGroup } from './explain-group.ts';
import { explainTopic } from './explain-topic.ts';
import type { Explanation } from './explanation.ts';
import { isTopicName, TOPIC_NAMES } from './topic-name.ts';
import type { WrittenFile } from './written-file.ts';

const HELP = 'causeway explain --help shows what can be asked.';

/** What is asked about, and how one flow answers. */
export interface Question {
  readonly subject: string;
  /** The topic, where it is about one. */
  readonly topic?: string;
  readonly json: object;
  readonly ask: (flow: Flow, file: WrittenFile) => Explanation;
}

/** @throws UsageError */
export function questionsIn(args: Arguments): readonly Question[] {
  const questions = namedQuestions(args);
  if (args.flag('live') && questions.some(({ topic }) => topic === undefined))
    throw new UsageError('--live is about one topic', 'Of groups: causeway status. Of ACLs: causeway plan.');
  return questions;
}

function namedQuestions(args: Arguments): readonly Question[] {
  const [topic, ...others] = args.positionals;
  if (others.length > 0) throw new UsageError(`one topic at a time, and here are ${args.positionals.join(', ')}`, HELP);
  if (args.flag('acl')) return aclsIn(args, topic).map(aclQuestion);
  const given = [topic, args.text('topic')].filter((each) => each !== undefined);
  const group = args.text('group');
  const stray = ['allow-principal', 'deny-principal', 'operation', 'cluster', 'transactional-id'].find((name) =>
    args.flag(name),
  );
  if (stray !== undefined) throw new UsageError(`--${stray} is part of an ACL`, `Add --acl. ${HELP}`);
  const [name] = given;
  if (name !== undefined && given.length === 1 && group === undefined) return [topicQuestion(name)];
  if (group !== undefined && name === undefined) return [groupQuestion(group)];
  throw new UsageError(
    name === undefined ? 'a topic, a group or an ACL is needed' : 'one topic or one group at a time',
    `causeway explain <topic>, --group <group>, or --acl --topic <topic> --allow-principal <principal>. ${HELP}`,
  );
}

/** @throws UsageError: no cluster could have it */
function topicQuestion(topic: string): Question {
  if (!isTopicName(topic)) throw new UsageError(`there can be no topic ${topic}: ${TOPIC_NAMES}`, HELP);
  return { subject: topic, topic, json: { topic }, ask: (flow, file) => explainTopic(flow, topic, file) };
}

function groupQuestion(group: string): Question {
  return { subject: group, json: { group }, ask: (flow, file) => explainGroup(flow, group, file) };
}

function aclQuestion(acl: Acl): Question {
  return { subject: describeAcl(acl), json: { acl }, ask: (flow, file) => explainAcl(flow, acl, file) };
}
