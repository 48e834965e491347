import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { answerCustomResource } from '../../../../shared/adapters/lambda/custom-resource.ts';

async function answeredTo(status: number, reason: string) {
  const bodies: { text: string; contentType: string | undefined }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    bodies.push({ text, contentType: request.headers['content-type'] });
    response.writeHead(status).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const request = {
    RequestType: 'Create' as const,
    ResponseURL: `http://127.0.0.1:${port}/answer?signature=x`,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Mappings',
  };
  const answer = { status: 'FAILED' as const, physicalResourceId: 'flow', reason, data: { Summary: 'none' } };
  const sent = await answerCustomResource(request, answer).then(
    () => 'sent',
    (error: Error) => error.message,
  );
  await new Promise((closed) => server.close(closed));
  return { sent, body: JSON.parse(bodies[0]?.text ?? ''), contentType: bodies[0]?.contentType, text: bodies[0]?.text };
}

test('the answer names the request it belongs to', async () => {
  const { sent, body, contentType } = await answeredTo(200, 'no broker answers');

  expect(sent).toBe('sent');
  expect(contentType).toBe('');
  expect(body).toEqual({
    Status: 'FAILED',
    Reason: 'no broker answers',
    PhysicalResourceId: 'flow',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Mappings',
    Data: { Summary: 'none' },
  });
});

test('a long reason is cut to what CloudFormation takes', async () => {
  const { text } = await answeredTo(200, 'x'.repeat(10_000));
  expect(text?.length).toBeLessThan(4_096);
});

test('an answer that is not taken is an error', async () => {
  expect((await answeredTo(403, '')).sent).toBe('CloudFormation did not take the answer: 403 Forbidden');
});
