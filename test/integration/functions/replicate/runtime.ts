import type { BatchResponse } from '../../../../shared/replicate/replicate-event.ts';
import { lambdaContext } from '../../../lambda-context.ts';

/** Stands in for Lambda's runtime: imports the function once, then hands it one event after the other. */
export interface Invocation {
  readonly event: unknown;
  readonly remainingMs: number;
}

export interface Invoked {
  readonly response: BatchResponse | undefined;
  readonly error: { readonly name: string; readonly message: string } | undefined;
  readonly ms: number;
}

const systemNow = Date.now;
const skewMs = Number(process.env.CLOCK_SKEW_MS ?? 0);
Date.now = () => systemNow() + skewMs;

const invocations: Invocation[] = [];
let arrived = () => {};
process.on('message', (invocation: Invocation) => {
  invocations.push(invocation);
  arrived();
});
const functionName = process.env.AWS_LAMBDA_FUNCTION_NAME ?? '';
const { handler } =
  functionName === 'monitor'
    ? await import('../../../../functions/monitor/index.ts')
    : await import('../../../../functions/replicate/index.ts');
for (let number = 1; ; ) {
  const next = invocations.shift();
  if (next) {
    process.send?.(await invoke(next, `invocation-${number}-of-${process.pid}`));
    for (const stream of [process.stdout, process.stderr]) stream.write(`{"answered":${number}}\n`);
    number++;
    continue;
  }
  await new Promise<void>((resolve) => {
    arrived = resolve;
  });
}

async function invoke({ event, remainingMs }: Invocation, awsRequestId: string): Promise<Invoked> {
  const startedAt = performance.now();
  const ms = () => performance.now() - startedAt;
  const context = lambdaContext({ awsRequestId, functionName, memoryMb: 512, remainingMs });
  try {
    const response = await handler(event, context);
    return { response: response ?? undefined, error: undefined, ms: ms() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { response: undefined, error: { name: error.name, message: error.message }, ms: ms() };
  }
}
