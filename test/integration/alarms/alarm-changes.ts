import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type AwsPlace, callAws } from '../../../local/region/call-aws.ts';
import { Stack } from '../event-source-mapping/cloudformation.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

interface Change {
  readonly name: string;
  readonly state: string;
}

/** What had changed by then. */
export interface Moment {
  readonly changes: number;
}

export interface Wait {
  /** Where it is not said: when it is asked for. */
  readonly since?: Moment;
  readonly withinMs: number;
}

/** Of a change that the event bus tells, or that SNS tells people. */
const message = z.union([
  z.object({ detail: z.object({ alarmName: z.string(), state: z.object({ value: z.string() }) }) }),
  z.object({ AlarmName: z.string(), NewStateValue: z.string() }),
]);
const received = z.object({ Messages: z.array(z.object({ Body: z.string() })).optional() });

/** None is given back to the queue: each is taken once. */
const TAKEN_S = 3_600;
const LONGEST_WAIT_S = 10;
/** A region that is lost to callers for a while keeps what it was told. */
const REFUSED_MS = 250;

/** What CloudWatch's alarms of some regions tell, change by change, kept by queues while nobody listens. */
export class AlarmChanges implements AsyncDisposable {
  /** SNS topics, one of each region, that people are told by. */
  readonly topicArns: readonly string[];
  readonly #end = new AbortController();
  /** In their order. */
  readonly #changes: Change[] = [];
  readonly #told: string[] = [];
  readonly #listening: Promise<void>;
  #changed = Promise.withResolvers<void>();

  private constructor(topicArns: readonly string[], url: string, place: AwsPlace) {
    this.topicArns = topicArns;
    this.#listening = this.#listen(url, place);
  }

  /** @param places regions that end with the test, and what is made there with them */
  static async in(places: readonly AwsPlace[]): Promise<AlarmChanges> {
    const [first] = places;
    if (first === undefined) throw new Error('no region');
    // In a region of its own, which is asked while others are lost.
    const apart = { ...first, awsRegion: 'eu-west-1' };
    const queue = new Stack('alarm-changes', apart);
    await queue.create({ Queue: { Type: 'AWS::SQS::Queue', Properties: {} } }, QUEUE);
    const [url, arn] = await Promise.all([queue.output('Url'), queue.output('Arn')]);
    const stacks = places.map((place) => new Stack('alarm-changes', place));
    await Promise.all(stacks.map((stack) => stack.create(toldTo(arn), TOPIC)));
    return new AlarmChanges(await Promise.all(stacks.map((stack) => stack.output('Arn'))), url, apart);
  }

  /** Alarms that people were told of by SNS, as often as they were. */
  get told(): readonly string[] {
    return this.#told;
  }

  /** How often an alarm, of whatever kind, came into alarm. */
  get fired(): number {
    return this.#changes.filter(({ state }) => state === 'ALARM').length;
  }

  /** Now, to ask what has changed since. */
  get now(): Moment {
    return { changes: this.#changes.length };
  }

  /** Waits until each of these was in a state at that moment or has come into it since, be it that it has left it again. */
  async until(names: readonly string[], state: AlarmState, { since = this.now, withinMs }: Wait): Promise<void> {
    const missing = new Set(names);
    const deadline = AbortSignal.timeout(withinMs);
    const late = new Promise<void>((resolve) => deadline.addEventListener('abort', () => resolve(), { once: true }));
    for (;;) {
      for (const name of missing) if (this.#hasBeen(name, state, since)) missing.delete(name);
      if (missing.size === 0) return;
      if (deadline.aborted) throw new Error(`not ${state} within ${withinMs} ms: ${this.#describe(missing)}`);
      await Promise.race([this.#changed.promise, late]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#listening;
  }

  #hasBeen(name: string, state: AlarmState, { changes }: Moment): boolean {
    if (this.#changes.slice(changes).some((change) => change.name === name && change.state === state)) return true;
    return this.#changes.slice(0, changes).findLast((change) => change.name === name)?.state === state;
  }

  #describe(names: ReadonlySet<string>): string {
    const last = (of: string) => this.#changes.findLast(({ name }) => name === of)?.state ?? 'has told nothing';
    return [...names].map((name) => `${name} (${last(name)})`).join(', ');
  }

  async #listen(url: string, place: AwsPlace): Promise<void> {
    const { signal } = this.#end;
    const body = {
      QueueUrl: url,
      WaitTimeSeconds: LONGEST_WAIT_S,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: TAKEN_S,
    };
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ReceiveMessage' };
    while (!signal.aborted)
      try {
        const request = { method: 'POST', headers, body: JSON.stringify(body), signal } as const;
        const { Messages = [] } = received.parse(JSON.parse(await callAws('sqs', request, place)));
        for (const { Body } of Messages) this.#take(message.parse(JSON.parse(Body)));
      } catch (error) {
        if (error instanceof z.ZodError) throw error;
        await delay(REFUSED_MS);
      }
  }

  #take(told: z.infer<typeof message>): void {
    if ('AlarmName' in told) {
      this.#told.push(told.AlarmName);
      return;
    }
    this.#changes.push({ name: told.detail.alarmName, state: told.detail.state.value });
    const changed = this.#changed;
    this.#changed = Promise.withResolvers();
    changed.resolve();
  }
}

const QUEUE = { Url: { Value: { Ref: 'Queue' } }, Arn: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] } } };
const TOPIC = { Arn: { Value: { Ref: 'People' } } };

function toldTo(queueArn: string) {
  return {
    People: { Type: 'AWS::SNS::Topic', Properties: {} },
    Told: {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: { Ref: 'People' }, Protocol: 'sqs', Endpoint: queueArn, RawMessageDelivery: true },
    },
    Changes: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'] },
        Targets: [{ Id: 'Target0', Arn: queueArn }],
      },
    },
  };
}
