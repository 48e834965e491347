import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { GetFunctionUrlConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { inject, vi } from 'vitest';
import { translateResponse } from '../../../functions/translate/response.ts';
import { run } from '../../../shared/cli/run.ts';
import { UNSTYLED } from '../../../shared/cli/terminal/page.ts';
import type { DeployedFlow } from './deployed-flow.ts';

/** The `causeway` command with the flow's own file. @returns its exit code and what `--json` printed */
export async function causeway(flow: DeployedFlow, ...args: readonly string[]) {
  const { awsEndpoint = '', folder } = inject('regions');
  let printed = '';
  const channel = {
    page: UNSTYLED,
    write: (chunk: string) => {
      printed += chunk;
    },
  };
  const config = join(folder, 'deployments', flow.prefix, 'mm2.properties');
  const own = ['--config', config, '--prefix', flow.prefix, '--endpoint-url', awsEndpoint, '--json'];
  const exitCode = await run([...args, ...own], {
    ...{ folder, out: channel, err: channel },
    setVariables: (variables) => {
      for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    },
    resolve: () => Promise.reject(new Error('the file refers to nothing')),
  });
  return { exitCode, printed: JSON.parse(printed) };
}

/** The URL of a flow's `translate`. */
export class TranslateUrl {
  readonly #endpoint: URL;
  readonly #host: string;
  readonly authType: string | undefined;

  private constructor(endpoint: string, url: string, authType: string | undefined) {
    this.#endpoint = new URL(endpoint);
    // LocalStack knows the function by the host that was asked for, and that name ends in its address, which is no
    // host by the URL standard.
    this.#host = /^http:\/\/([^/]+)\/$/.exec(url)?.[1] ?? '';
    this.authType = authType;
  }

  static async of(flow: DeployedFlow): Promise<TranslateUrl> {
    const { awsEndpoint = '' } = inject('regions');
    const lambda = new LambdaClient({ endpoint: awsEndpoint, region: flow.target.awsRegion });
    const FunctionName = flow.name('translate');
    const { FunctionUrl = '', AuthType } = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
    lambda.destroy();
    return new TranslateUrl(awsEndpoint, FunctionUrl, AuthType);
  }

  async ask(query: string) {
    const { hostname, port } = this.#endpoint;
    const response = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      request({ hostname, port, path: `/?${query}`, headers: { host: this.#host } }, async (answer) =>
        resolve({ status: answer.statusCode ?? 0, body: await text(answer) }),
      )
        .on('error', reject)
        .end();
    });
    return { status: response.status, answer: translateResponse.parse(JSON.parse(response.body)) };
  }
}
