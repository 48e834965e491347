import { join } from 'node:path';
import { projectRoot, workFolder } from '../setup/project.ts';
import type { ClusterAddress } from './addresses.ts';
import { RegionNotReady, type RegionProcessDied } from './errors.ts';
import type { RunFolder } from './run-folder.ts';
import { SupervisedProcess } from './supervised-process.ts';
import { until } from './until.ts';

const READY_WITHIN_MS = 60_000;

export interface LocalStackTools {
  /** The virtual environment. */
  readonly localstack: string;
  readonly 'dynamodb-local': string;
  readonly jsonata: string;
}

/** LocalStack in host mode with the project's plugin: one process and one port for every service and AWS region. */
export class LocalStack {
  readonly endpoint: string;
  readonly #start: () => SupervisedProcess;
  #process: SupervisedProcess | undefined;

  constructor(
    run: RunFolder,
    tools: LocalStackTools,
    port: number,
    settings: Readonly<Record<string, string>>,
    died: (error: RegionProcessDied) => void,
  ) {
    this.endpoint = `http://127.0.0.1:${port}`;
    const program = join(tools.localstack, 'bin', 'python');
    const args = ['-m', 'localstack.runtime.main'];
    const env = { ...hostModeSettings(run, port), ...pluginSettings(tools), ...settings };
    this.#start = () => new SupervisedProcess(run, 'localstack', { program, args }, died, env);
  }

  /** Resolves when every service answers. */
  async start(signal: AbortSignal): Promise<void> {
    const started = this.#start();
    this.#process = started;
    const ready = async () => {
      const response = await fetch(`${this.endpoint}/_localstack/init/ready`, { signal: AbortSignal.timeout(5000) });
      const body: unknown = await response.json();
      return typeof body === 'object' && body !== null && 'completed' in body && body.completed === true;
    };
    const timedOut = (last: unknown) => new RegionNotReady('LocalStack', READY_WITHIN_MS, started.log, last);
    await until(ready, READY_WITHIN_MS, timedOut, signal);
  }

  killNow(): void {
    this.#process?.killNow();
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }
}

/**
 * The plugin's `CAUSEWAY_MSK_CLUSTERS`: the brokers that the ARN of an event source mapping stands for, in the terms of
 * MSK's GetBootstrapBrokers where there is more than one listener.
 */
export function mskClusters(clusters: readonly ClusterAddress[]): string {
  return JSON.stringify(Object.fromEntries(clusters.map((cluster) => [cluster.arn, bootstrapBrokers(cluster)])));
}

function bootstrapBrokers({ bootstrapServers, secured }: ClusterAddress): string | Record<string, string> {
  if (!secured) return bootstrapServers;
  return {
    BootstrapBrokerString: bootstrapServers,
    BootstrapBrokerStringSaslScram: secured.saslBootstrapServers,
    BootstrapBrokerStringTls: secured.tlsBootstrapServers,
    CertificateAuthority: secured.certificateAuthority,
  };
}

/**
 * Where LocalStack finds `/.dockerenv` it takes itself for a container and writes to `/var/lib/localstack`; in host
 * mode it writes below `FILESYSTEM_ROOT`.
 */
function hostModeSettings(run: RunFolder, port: number): Record<string, string> {
  return {
    GATEWAY_LISTEN: `127.0.0.1:${port}`,
    LOCALSTACK_HOST: `127.0.0.1:${port}`,
    OVERRIDE_IN_DOCKER: '0',
    FILESYSTEM_ROOT: join(run.data, 'localstack'),
    XDG_CACHE_HOME: join(workFolder, 'cache'),
    // Empty means unset: some machines set it, and every start would compile all of LocalStack.
    PYTHONDONTWRITEBYTECODE: '',
    DISABLE_EVENTS: '1',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    DNS_ADDRESS: '0',
    DYNAMODB_IN_MEMORY: '1',
  };
}

function pluginSettings(tools: LocalStackTools): Record<string, string> {
  return {
    LAMBDA_RUNTIME_EXECUTOR: 'causeway',
    PROVIDER_OVERRIDE_DYNAMODB: 'v2',
    CAUSEWAY_NODE: process.execPath,
    CAUSEWAY_NODE_PATH: join(projectRoot, 'node_modules'),
    CAUSEWAY_DYNAMODB_LIB: tools['dynamodb-local'],
    CAUSEWAY_JSONATA_LIB: tools.jsonata,
  };
}
