import { handler } from '../functions/verify/index.ts';
import { lambdaContext } from '../test/lambda-context.ts';

/** Lambda's longest, as its stack has it. */
const TIMEOUT_MS = 900_000;

/** Two invocations of the function `verify`, in a process of its own as Lambda has it; the process's output is its log. */
const memoryMb = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
const facts = { awsRequestId: 'bench', functionName: 'verify', memoryMb };
// What is not the same near the ends is left to the second.
for (let i = 0; i < 2; i++) await handler({ action: 'verify' }, lambdaContext({ ...facts, remainingMs: TIMEOUT_MS }));
// Connections stay open for the next invocation.
process.exit(0);
