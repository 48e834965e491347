import type { AdoptWanted } from '../../adopt/adoption.ts';
import { flowPolicy } from '../../config/flow-policy.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { oppositeOf } from '../../config/opposite-flow.ts';
import { flowOf } from '../../flow/flow.ts';
import type { Arguments, Option } from '../arguments.ts';
import { UsageError } from '../errors.ts';

/** What the command line says besides which flows. */
export interface AdoptQuestion {
  readonly only: readonly string[] | undefined;
  readonly offsetsTopic: string | undefined;
  readonly connectGroup: string | undefined;
  readonly workersIdle: boolean;
  readonly history: number;
  readonly lookBack: number;
  readonly maxRecords: number;
}

const HISTORY = 100_000;
const LOOK_BACK = 200_000;
const MAX_RECORDS = 1_000_000;
/** Longer than a request that a killed worker left behind takes to show below the high watermark. */
const QUIET_MS = 5_000;

export const ADOPT_OPTIONS: readonly Option[] = [
  { name: 'yes', summary: 'carry the plan out; without it nothing is changed' },
  { name: 'topic', value: 'topic', repeatable: true, summary: 'this topic of the source alone' },
  {
    name: 'offsets-topic',
    value: 'topic',
    summary: 'where Kafka Connect keeps source offsets, on the target; default mm2-offsets.<source>.internal',
  },
  {
    name: 'connect-group',
    value: 'group',
    summary: 'group of MirrorMaker 2’s workers, on the target; default <source>-mm2',
  },
  { name: 'workers-idle', summary: 'workers that run on in that group copy nothing of this flow' },
  {
    name: 'history',
    value: 'n',
    summary: `records before the end whose offsets can be translated, at least; default ${HISTORY}`,
  },
  {
    name: 'look-back',
    value: 'n',
    summary: `most records of a partition that MirrorMaker 2 ever copied between two flushes; default ${LOOK_BACK}`,
  },
  {
    name: 'max-records',
    value: 'n',
    summary: `records of a partition that are compared at most, some 300 bytes of memory each; default ${MAX_RECORDS}`,
  },
  { name: 'prefix', value: 'name', summary: 'of a deployment made with -c prefix=<name>; default causeway' },
];

/** @throws UsageError */
export function adoptQuestion(args: Arguments): AdoptQuestion {
  if (args.positionals.length > 0)
    throw new UsageError(`adopt takes no ${args.positionals.join(' ')}`, 'It is about whole flows: --topic names one.');
  const only = args.texts('topic');
  return {
    only: only.length === 0 ? undefined : only,
    offsetsTopic: args.text('offsets-topic'),
    connectGroup: args.text('connect-group'),
    workersIdle: args.flag('workers-idle'),
    history: whole(args, 'history', HISTORY),
    lookBack: whole(args, 'look-back', LOOK_BACK),
    maxRecords: whole(args, 'max-records', MAX_RECORDS),
  };
}

/** @param all every flow of the file that is enabled */
export function adoptWanted(flow: Flow, question: AdoptQuestion, all: readonly Flow[]): AdoptWanted {
  const { covers, remoteTopic } = flowPolicy(flow);
  const keepsNames = flow.policy.kind === 'identity';
  const { only, workersIdle, history, lookBack, maxRecords } = question;
  return {
    flow: flowOf(flow),
    topics: { covers: (topic) => covers(topic).covered, remoteTopic },
    only,
    keepsNames,
    startsEarliest: flow.startPosition.at === 'earliest',
    twoWay: keepsNames && oppositeOf(flow, all) !== undefined,
    workersIdle,
    quietMs: QUIET_MS,
    history,
    lookBack,
    maxRecords,
  };
}

function whole(args: Arguments, option: string, otherwise: number): number {
  const text = args.text(option);
  if (text === undefined) return otherwise;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new UsageError(`--${option} ${text} is no whole number from 0`, 'causeway adopt --help shows its options.');
}
