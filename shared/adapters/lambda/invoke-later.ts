import { InvocationType, InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/**
 * Has Lambda call a function with `event` and does not wait for it.
 * @throws what the client throws when Lambda does not take the call on
 */
export async function invokeLater(client: LambdaClient, functionName: string, event: object): Promise<void> {
  await client.send(
    new InvokeCommand({
      FunctionName: functionName,
      InvocationType: InvocationType.Event,
      Payload: Buffer.from(JSON.stringify(event)),
    }),
  );
}
