import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { answerCustomResource } from '../../../../shared/adapters/lambda/custom-resource.ts';

async function answeredTo(statuses: readonly number[], reason: string, Summary = 'none') {
  const bodies: { text: string; contentType: string | undefined }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    bodies.push({ text, contentType: request.headers['content-type'] });
    response.writeHead(statuses[bodies.length - 1] ?? 200).end();
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
  const answer = { status: 'FAILED' as const, physicalResourceId: 'flow', reason, data: { Summary } };
  const sent = await answerCustomResource(request, answer).then(
    () => 'sent',
    (error: Error) => error.message,
  );
  await new Promise((closed) => server.close(closed));
  return {
    sent,
    body: JSON.parse(bodies[0]?.text ?? ''),
    contentType: bodies[0]?.contentType,
    text: bodies[0]?.text,
    requests: bodies.length,
  };
}

test('the answer names the request it belongs to', async () => {
  const { sent, body, contentType } = await answeredTo([200], 'no broker answers');

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

test.each(['x', '→', '"'])(
  'a long reason and summary (of %s) are cut to what CloudFormation takes',
  async (character) => {
    const { text = '' } = await answeredTo([200], character.repeat(10_000), character.repeat(10_000));
    const idsOfStackAndRequest = 1_024;
    expect(Buffer.byteLength(text)).toBeLessThan(4_096 - idsOfStackAndRequest);
    expect(JSON.parse(text).Reason.length).toBeGreaterThan(300);
  },
);

test('an answer that is not taken is an error', async () => {
  const { sent, requests } = await answeredTo([403], '');
  expect([sent, requests]).toEqual(['CloudFormation did not take the answer: 403 Forbidden', 1]);
});

test('an answer that meets a passing fault is given again', async () => {
  const { sent, requests } = await answeredTo([503, 500, 200], '');
  expect([sent, requests]).toEqual(['sent', 3]);
});

test('a fault that stays ends in an error, so that the time is not spent on it', async () => {
  const { sent, requests } = await answeredTo([503, 503, 503, 503], '');
  expect([sent, requests]).toEqual(['CloudFormation did not take the answer: 503 Service Unavailable', 3]);
});
