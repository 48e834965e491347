import { createServer, type IncomingMessage } from 'node:http';
import { LambdaClient } from '@aws-sdk/client-lambda';

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  /** Of Invoke requests. */
  readonly invocationType?: string | undefined;
}

export interface Answer {
  readonly status?: number;
  /** Exception name, as Lambda sends it in `x-amzn-errortype`. */
  readonly error?: string;
  readonly body?: unknown;
}

/** The real client against a server that writes down what it is asked and answers as told. */
export async function recordedLambda(answer: (request: Recorded) => Answer) {
  const requests: Recorded[] = [];
  const server = createServer(async (request, response) => {
    const text = await textOf(request);
    const invocationType = request.headers['x-amz-invocation-type']?.toString();
    const recorded = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: text && JSON.parse(text),
      ...(invocationType !== undefined && { invocationType }),
    };
    requests.push(recorded);
    const { status = 200, error, body = {} } = answer(recorded);
    if (error !== undefined) response.setHeader('x-amzn-errortype', error);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const client = new LambdaClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    client,
    requests,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
