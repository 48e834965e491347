import jsonata from 'jsonata';
import type { Choice, Definition, Retry, State, Task } from '../../../../infra/flow/runbooks/asl.ts';

/** What the function does with one call; or the execution is stopped from outside while it waits for the answer. */
export type Reaction = { readonly answer: unknown } | { readonly throws: string } | 'execution stopped';

export interface Ended {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  readonly output?: unknown;
  readonly error?: unknown;
  readonly cause?: unknown;
  /** Names of the states that were entered, in order. */
  readonly entered: readonly string[];
}

type Json = Record<string, unknown>;

export interface Running {
  /** ARN of the execution. */
  readonly execution?: string;
  /** ms since the epoch; default: a clock that goes on by calls alone */
  readonly now?: () => number;
}

const EXECUTION = 'arn:aws:states:us-west-2:111122223333:execution:causeway:1';

/** An error that ends an execution in Step Functions: nothing catches it. */
class RuntimeFault extends Error {}

/**
 * Interprets the states that runbooks are made of, with JSONata's reference implementation.
 * @param react what the function does with a call's payload
 * @param callMs how long a call takes, where calls alone make time pass
 */
export async function interpret(
  { States, StartAt }: Definition,
  input: unknown,
  react: (payload: Json) => Reaction | Promise<Reaction>,
  callMs = 10,
  { execution = EXECUTION, now: wall }: Running = {},
): Promise<Ended> {
  const variables: Json = {};
  const entered: string[] = [];
  let now = Date.UTC(2026, 0, 1);
  let data = input;
  for (let name = StartAt; ; ) {
    const state = States[name];
    if (state === undefined) throw new RuntimeFault(`no state ${name}`);
    entered.push(name);
    const context = {
      Execution: { Id: execution },
      State: { EnteredTime: new Date(wall?.() ?? now).toISOString() },
      Task: { Token: `token of ${name}` },
    };
    const evaluate = (template: unknown, more: Json = {}) =>
      evaluated(template, { ...variables, states: { input: data, context, ...more } });
    if (state.Type === 'Succeed') return { status: 'SUCCEEDED', output: await evaluate(state.Output), entered };
    if (state.Type === 'Fail')
      return { status: 'FAILED', error: await evaluate(state.Error), cause: await evaluate(state.Cause), entered };
    if (state.Type === 'Choice') {
      const rule = await chosen(state, evaluate);
      Object.assign(variables, await evaluate(rule.Assign ?? {}));
      name = rule.Next;
      continue;
    }
    if (state.Type === 'Wait') {
      now += state.Seconds * 1_000;
      name = state.Next;
      continue;
    }
    const { reaction, calls } = await called(state, react, evaluate);
    now += calls * callMs;
    if (reaction === 'execution stopped') return { status: 'ABORTED', entered };
    const { Assign, Next, Output, more } = outcomeOf(state, reaction);
    const assigned = await evaluate(Assign, more);
    data = Output === undefined ? data : await evaluate(Output, more);
    Object.assign(variables, assigned);
    name = Next;
  }
}

async function chosen(state: Choice, evaluate: (template: unknown) => Promise<unknown>) {
  for (const rule of state.Choices) {
    const holds = await evaluate(rule.Condition);
    if (typeof holds !== 'boolean') throw new RuntimeFault(`${rule.Condition} is ${String(holds)}`);
    if (holds) return rule;
  }
  if (state.Default === undefined) throw new RuntimeFault('States.NoChoiceMatched');
  return { Assign: {}, Next: state.Default };
}

/** The call with its retries; the last one's reaction. */
async function called(
  { Arguments, Retry: retries }: Task,
  react: (payload: Json) => Reaction | Promise<Reaction>,
  evaluate: (template: unknown) => Promise<unknown>,
) {
  const left = new Map<Retry, number>(retries.map((each) => [each, each.MaxAttempts]));
  for (let calls = 1; ; calls++) {
    const { Payload } = (await evaluate(Arguments)) as { readonly Payload: Json };
    const reaction = await react(Payload);
    const retry =
      reaction !== 'execution stopped' && 'throws' in reaction
        ? retries.find(({ ErrorEquals }) => matches(ErrorEquals, reaction.throws))
        : undefined;
    const attempts = retry === undefined ? 0 : (left.get(retry) ?? 0);
    if (retry === undefined || attempts === 0) return { reaction, calls };
    left.set(retry, attempts - 1);
  }
}

function matches(errors: readonly string[], error: string): boolean {
  return errors.includes(error) || (errors.includes('States.TaskFailed') && error !== 'States.Timeout');
}

function outcomeOf({ Assign, Next, Output, Catch }: Task, reaction: Exclude<Reaction, string>) {
  if ('answer' in reaction) return { Assign, Next, Output, more: { result: { Payload: reaction.answer } } };
  const [caught] = Catch;
  if (caught === undefined) throw new RuntimeFault(reaction.throws);
  const errorOutput = { Error: reaction.throws, Cause: `the function threw ${reaction.throws}` };
  return { Assign: caught.Assign, Next: caught.Next, Output: undefined, more: { errorOutput } };
}

async function evaluated(template: unknown, bindings: Json): Promise<unknown> {
  if (Array.isArray(template)) return Promise.all(template.map((each) => evaluated(each, bindings)));
  if (typeof template === 'object' && template !== null) {
    const members = Object.entries(template).map(
      async ([key, value]) => [key, await evaluated(value, bindings)] as const,
    );
    return Object.fromEntries(await Promise.all(members));
  }
  const expression = typeof template === 'string' ? /^\{%(.*)%\}$/s.exec(template)?.[1] : undefined;
  if (expression === undefined) return template;
  const value = await jsonata(expression).evaluate(undefined, bindings);
  if (value === undefined) throw new RuntimeFault(`${expression} is nothing`);
  return JSON.parse(JSON.stringify(value));
}

/** How the states hang together. */
export function reachableFrom(states: Definition['States'], from: string, nexts: (state: State) => readonly string[]) {
  const found = new Set<string>();
  for (const waiting = [from]; waiting.length > 0; ) {
    const name = waiting.pop() ?? '';
    const state = states[name];
    if (found.has(name) || state === undefined) continue;
    found.add(name);
    waiting.push(...nexts(state));
  }
  return found;
}
