import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { localCredentials } from '../../../local/region/addresses.ts';
import { choosePorts } from '../../../local/region/ports.ts';
import { until } from '../../../local/region/until.ts';
import { installTools } from '../../../local/setup/tools.ts';

const READY_WITHIN_MS = 60_000;
const MAIN = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';

export interface DynamoDbLocal extends AsyncDisposable {
  readonly url: string;
  /** Of the test's own. */
  readonly client: DynamoDBClient;
}

/** DynamoDB Local alone, in memory and the same in every region: hundreds of runs make too many requests for LocalStack. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const { 'dynamodb-local': lib } = await installTools(['dynamodb-local']);
  const [port] = await choosePorts(1, new Set());
  const options = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', `-Djava.library.path=${lib}`];
  const args = [...options, '-cp', `${lib}/*`, MAIN, '-disableTelemetry', '-inMemory', '-sharedDb', '-port', `${port}`];
  const server = spawn('java', args, { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const client = new DynamoDBClient({ endpoint: url, region: 'us-west-2', credentials: localCredentials });
  const dispose = async () => {
    client.destroy();
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  try {
    await until(
      async () => (await client.send(new ListTablesCommand({}))).TableNames !== undefined,
      READY_WITHIN_MS,
      (last) => new Error(`DynamoDB Local does not answer: ${last}`),
    );
  } catch (error) {
    await dispose();
    throw error;
  }
  return { url, client, [Symbol.asyncDispose]: dispose };
}
