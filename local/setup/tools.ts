import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { archiveClasses } from '../kafka/class-archive.ts';
import { installJars } from './jars.ts';
import { installLocalStack, installPlugin } from './localstack.ts';
import { withLock } from './lock.mjs';
import { projectRoot, workFolder } from './project.ts';
import { step } from './steps.mjs';

/** How a tool comes onto the machine: Maven's are fetched one after the other, as they share a local repository. */
const channels = { maven: installJars, pip: installLocalStack } as const;

interface Tool {
  readonly title: string;
  readonly channel: keyof typeof channels;
  /** What is installed, by exact versions; its hash is part of the folder's name. Relative to the project. */
  readonly pin: string;
  /** What is done once it is there. Not part of what makes the tool usable. */
  readonly warmUp?: (folder: string, log: string) => Promise<void>;
}

const tools = {
  kafka: { title: 'Kafka jars', channel: 'maven', pin: 'local/kafka/kafka.pom.xml', warmUp: archiveClasses },
  mirrormaker2: { title: 'MirrorMaker 2 jars', channel: 'maven', pin: 'local/kafka/mirrormaker2.pom.xml' },
  'dynamodb-local': { title: 'DynamoDB Local jars', channel: 'maven', pin: 'local/setup/dynamodb-local.pom.xml' },
  jsonata: { title: 'JSONata jars', channel: 'maven', pin: 'local/setup/jsonata.pom.xml' },
  localstack: { title: 'LocalStack', channel: 'pip', pin: 'local/localstack/requirements.lock.txt' },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

/**
 * Makes sure that the tools are installed, each in a folder of its own under `.causeway/tools/`, and says where.
 * Costs a few file reads when they are. Installs under a lock, so that two processes can ask for the same at once.
 *
 * @returns by tool its folder: jars for Kafka, MirrorMaker 2, DynamoDB Local and JSONata, a virtual environment for
 *   LocalStack
 * @throws ToolInstallFailed with the end of the installer's output
 */
export async function installTools<N extends ToolName>(names: readonly N[]): Promise<Readonly<Record<N, string>>> {
  if (names.some((name) => !isInstalled(name))) {
    await withLock(join(workFolder, 'tools.lock'), () => installMissing(names), waiting);
  }
  if (names.some((name) => name === 'localstack')) {
    await withLock(join(workFolder, 'plugin.lock'), () => installPlugin(folderOf('localstack')), waiting);
  }
  return Object.fromEntries(names.map((name) => [name, folderOf(name)])) as Record<N, string>;
}

async function installMissing(names: readonly ToolName[]): Promise<void> {
  const missing = names.filter((name) => !isInstalled(name));
  const inChannel = async (channel: Tool['channel']) => {
    for (const name of missing.filter((name) => tools[name].channel === channel)) await install(name);
  };
  const results = await Promise.allSettled([inChannel('maven'), inChannel('pip')]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function install(name: ToolName): Promise<void> {
  const { title, channel, pin, warmUp }: Tool = tools[name];
  const folder = folderOf(name);
  const log = join(workFolder, 'logs', `install-${name}.log`);
  await step(title, async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await channels[channel]({ pin: join(projectRoot, pin), folder, log });
  });
  if (warmUp) await step(`${title}, made to start fast`, () => warmUp(folder, log)).catch(reportOnly);
  writeFileSync(readyMark(folder), '');
}

function isInstalled(name: ToolName): boolean {
  return existsSync(readyMark(folderOf(name)));
}

function folderOf(name: ToolName): string {
  const hash = createHash('sha256').update(readFileSync(join(projectRoot, tools[name].pin)));
  return join(workFolder, 'tools', `${name}-${hash.digest('hex').slice(0, 12)}`);
}

/** Written last, so that an installation that was cut short is done again. */
function readyMark(folder: string): string {
  return join(folder, '.ready');
}

function reportOnly(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
}

function waiting(ownerPid: number): void {
  console.error(`waiting for another setup (process ${ownerPid}) to install the same ...`);
}
