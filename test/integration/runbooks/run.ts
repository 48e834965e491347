import { stateMachine } from '../../../infra/flow/runbooks/definition.ts';
import type { StepAnswer } from '../../../shared/runbook/run-stage.ts';
import type { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { type Ended, interpret, type Reaction } from '../../unit/infra/runbooks/interpreter.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import type { Cut } from './gate.ts';
import type { Pair } from './pair.ts';

const FUNCTION = { arn: 'arn:aws:lambda:us-west-2:000000000000:function:runbook', partition: 'aws' };

/** What goes wrong with one call. */
export type Disturbance =
  /** Its process is killed, or it hangs until Lambda ends it. */
  | { readonly kind: 'cut off'; readonly at: Cut; readonly error?: 'Runtime.ExitError' | 'Sandbox.Timedout' }
  /** Lambda makes it twice, at the same time or one after the other. */
  | { readonly kind: 'twice at once' | 'twice in a row' }
  /** Somebody stops the execution meanwhile. The call itself goes on, and nobody hears of it. */
  | { readonly kind: 'execution stopped' };

/** A call of a stage. */
export interface Called {
  readonly stage: string;
  /** From 1, of this stage in this execution. */
  readonly nth: number;
}

export interface RunOptions {
  readonly disturb?: (called: Called) => Disturbance | undefined;
  readonly input?: object;
  /** What a person does who is asked to approve, with the token that the state waits by; default: approves. */
  readonly decide?: (taskToken: string) => Promise<Reaction>;
  /** Before each call; default: heartbeats arrive, and with a stage's first call applications take a turn. */
  readonly before?: (called: Called) => Promise<void>;
}

export type Ran = Ended & {
  readonly execution: string;
  /** `drain waiting`, `drain passed`: what each call came to, in order. */
  readonly calls: readonly string[];
  /** Calls that still went on when the execution was stopped. */
  readonly late: readonly Promise<unknown>[];
};

/** One execution of a runbook: its real state machine, calling the real function, in the world of `pair`. */
export async function run(pair: Pair, kind: RunbookKind, options: RunOptions = {}): Promise<Ran> {
  const { disturb = () => undefined, input = { approval: 'waived' } } = options;
  const { decide = async () => ({ answer: { by: 'somebody' } }) } = options;
  const { before = ({ nth }) => (nth === 1 ? turn(pair) : pair.beat()) } = options;
  const execution = pair.begins(kind);
  const machine = stateMachine({ kind, approval: 'waived', function: FUNCTION });
  const counts = new Map<string, number>();
  const calls: string[] = [];
  const late: Promise<unknown>[] = [];
  let environment: ExecutionEnvironment | undefined;
  const warm = async () => {
    if (environment?.gate.closed !== false) environment = await ExecutionEnvironment.open(pair);
    return environment;
  };
  const react = async (payload: Readonly<Record<string, unknown>>): Promise<Reaction> => {
    const stage = String(payload.stage);
    const nth = (counts.get(stage) ?? 0) + 1;
    counts.set(stage, nth);
    await before({ stage, nth });
    const made = await disturbed(pair, await warm(), payload, disturb({ stage, nth }), late);
    const reaction = stage === 'approve' ? await decided(made, String(payload.taskToken), decide) : made;
    calls.push(`${stage} ${inAWord(reaction)}`);
    await pair.watch.look(`${kind}: ${calls.at(-1)}`);
    return reaction;
  };
  const ended = await interpret(machine, input, react, 0, { execution, now: () => pair.now() });
  pair.ended(execution);
  // A call that still goes on has it to itself.
  if (ended.status !== 'ABORTED') await environment?.[Symbol.asyncDispose]();
  return { ...ended, execution, calls, late };
}

/** A state that waits for a person looks at no answer: the handler throws where it could not ask. */
async function decided(
  made: Reaction,
  taskToken: string,
  decide: (taskToken: string) => Promise<Reaction>,
): Promise<Reaction> {
  if (made === 'execution stopped' || 'throws' in made) return made;
  const { kind, code } = Object(made.answer);
  return kind === 'stopped' ? { throws: String(code) } : decide(taskToken);
}

/** Applications do what they do, and the heartbeats of both clusters arrive. */
export async function turn(pair: Pair): Promise<void> {
  await Promise.all([pair.applications.turn(), pair.beat()]);
}

async function disturbed(
  pair: Pair,
  environment: ExecutionEnvironment,
  payload: object,
  disturbance: Disturbance | undefined,
  late: Promise<unknown>[],
): Promise<Reaction> {
  switch (disturbance?.kind) {
    case undefined:
      return reactionTo(await environment.call(payload), undefined);
    case 'cut off':
      return reactionTo(await environment.call(payload, disturbance.at), disturbance.error);
    case 'twice in a row':
      await environment.call(payload);
      return reactionTo(await environment.call(payload), undefined);
    case 'twice at once': {
      const other = await ExecutionEnvironment.open(pair);
      const [answer] = await Promise.all([environment.call(payload), other.call(payload)]);
      return reactionTo(answer, undefined);
    }
    case 'execution stopped':
      late.push(environment.call(payload));
      return 'execution stopped';
  }
}

function reactionTo(answer: StepAnswer | 'cut off', error: string = 'Runtime.ExitError'): Reaction {
  return answer === 'cut off' ? { throws: error } : { answer };
}

function inAWord(reaction: Reaction): string {
  if (reaction === 'execution stopped') return reaction;
  if ('throws' in reaction) return reaction.throws;
  const { answer } = reaction;
  const { kind, code, says } = Object(answer);
  return kind === 'stopped' ? `stopped: ${code} ${says}` : String(kind);
}
