/** Amazon States Language with JSONata, as far as runbooks use it. https://states-language.net/spec.html */
export interface Definition {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

export type State = Task | Choice | Wait | Succeed | Fail;

/** `{% ... %}`, or plain JSON with such texts in it. */
type Assignments = Readonly<Record<string, unknown>>;

export interface Task {
  readonly Type: 'Task';
  readonly Comment: string;
  readonly Resource: string;
  readonly Arguments: { readonly FunctionName: string; readonly Payload: string };
  readonly TimeoutSeconds: number;
  readonly Retry: readonly Retry[];
  readonly Assign: Assignments;
  readonly Output: unknown;
  readonly Catch: readonly {
    readonly ErrorEquals: readonly string[];
    readonly Assign: Assignments;
    readonly Next: string;
  }[];
  readonly Next: string;
}

export interface Retry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly MaxAttempts: number;
  readonly JitterStrategy: 'FULL';
}

export interface ChoiceRule {
  readonly Condition: string;
  readonly Assign?: Assignments;
  readonly Next: string;
}

export interface Choice {
  readonly Type: 'Choice';
  /** Looked at in order; one of them holds where there is no default. */
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface Wait {
  readonly Type: 'Wait';
  readonly Seconds: number;
  readonly Next: string;
}

export interface Succeed {
  readonly Type: 'Succeed';
  readonly Output: unknown;
}

export interface Fail {
  readonly Type: 'Fail';
  readonly Error: string;
  readonly Cause: string;
}

/** A JSONata expression as ASL writes it, on one line. */
export function jsonata(expression: string): string {
  return `{% ${expression.replaceAll(/\s*\n\s*/g, ' ').trim()} %}`;
}

/** A text within a JSONata expression. */
export function literal(text: string): string {
  return JSON.stringify(text);
}

/** Where a state may go on. */
export function nextsOf(state: State): readonly string[] {
  if (state.Type === 'Task') return [state.Next, ...state.Catch.map(({ Next }) => Next)];
  if (state.Type === 'Wait') return [state.Next];
  return state.Type === 'Choice'
    ? [...state.Choices.map(({ Next }) => Next), ...(state.Default === undefined ? [] : [state.Default])]
    : [];
}
