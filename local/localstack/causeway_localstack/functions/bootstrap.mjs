// Lambda's Node runtime, in small: loads _HANDLER from LAMBDA_TASK_ROOT and answers invocations, one at a time.
// Frames are a 4-byte length and that many bytes. In: invocation (JSON), event. Out: an outcome, then the answer.
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const END_OF_LOG = '\x1e';
/** `unusable`: failed, and so would every other invocation of this process. */
const OUTCOME = { done: 0, failed: 1, unusable: 2 };
const { env } = process;
const channel = new Socket({ fd: Number(env.CAUSEWAY_CHANNEL), readable: true, writable: true });
delete env.CAUSEWAY_CHANNEL;

function runtimeError(name, message) {
  return Object.assign(new Error(message), { name });
}

async function loadHandler() {
  const dot = env._HANDLER.lastIndexOf('.');
  const [module, name] = [env._HANDLER.slice(0, dot), env._HANDLER.slice(dot + 1)];
  const file = ['.js', '.mjs', '.cjs'].map((ending) => join(env.LAMBDA_TASK_ROOT, module + ending)).find(existsSync);
  if (!file) throw runtimeError('Runtime.ImportModuleError', `Error: Cannot find module '${module}'`);
  const loaded = await import(pathToFileURL(file).href);
  const handler = loaded[name] ?? loaded.default?.[name];
  if (typeof handler !== 'function') {
    throw runtimeError('Runtime.HandlerNotFound', `${env._HANDLER} is undefined or not exported`);
  }
  return handler;
}

function contextOf(invocation) {
  return {
    awsRequestId: invocation.requestId,
    invokedFunctionArn: invocation.functionArn,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, invocation.deadlineMs - Date.now()),
  };
}

function errorDocument(error) {
  const described = error instanceof Error ? error : new Error(String(error));
  return JSON.stringify({
    errorType: described.name,
    errorMessage: described.message,
    trace: String(described.stack ?? '').split('\n'),
  });
}

function send(frame) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(frame.length);
  channel.cork();
  channel.write(length);
  channel.write(frame);
  channel.uncork();
}

function answer(outcome, text) {
  process.stdout.write(`${END_OF_LOG}\n`);
  send(Buffer.concat([Buffer.from([outcome]), Buffer.from(text)]));
}

async function invoke(invocation, event) {
  env._X_AMZN_TRACE_ID = invocation.traceId;
  let outcome = OUTCOME.unusable;
  try {
    const handler = await loading;
    outcome = OUTCOME.failed;
    const result = await handler(JSON.parse(event.toString() || '{}'), contextOf(invocation));
    answer(OUTCOME.done, JSON.stringify(result) ?? 'null');
  } catch (error) {
    const document = errorDocument(error);
    console.error(`ERROR\tInvoke Error\t${document}`);
    answer(outcome, document);
  }
}

const loading = loadHandler();
await loading.catch(() => undefined);

const pending = [];
let pendingBytes = 0;
let wanted = 4;
let header = true;
let invocation;
channel.on('data', (chunk) => {
  pending.push(chunk);
  pendingBytes += chunk.length;
  while (pendingBytes >= wanted) {
    const all = pending.length === 1 ? pending[0] : Buffer.concat(pending, pendingBytes);
    const frame = all.subarray(0, wanted);
    pending.splice(0, pending.length, all.subarray(wanted));
    pendingBytes -= wanted;
    if (header) {
      wanted = frame.readUInt32BE(0);
    } else {
      wanted = 4;
      if (invocation === undefined) {
        invocation = JSON.parse(frame.toString());
      } else {
        invoke(invocation, frame);
        invocation = undefined;
      }
    }
    header = !header;
  }
});
channel.on('close', () => process.exit(0));
send(Buffer.alloc(0));
