import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { choosePorts } from '../region/ports.ts';
import { until } from '../region/until.ts';
import { projectRoot, workFolder } from '../setup/project.ts';
import { CommandFailed, runLogged } from '../setup/steps.mjs';
import { onSuddenEnd } from '../setup/sudden-end.mjs';
import { inTemporaryFolder } from '../setup/temporary-folder.ts';
import { classArchive, formatCommand, newClusterId, nodeCommand } from './commands.ts';
import { serverProperties } from './server-properties.ts';

const STARTED = 'Kafka Server started';
const STARTS_WITHIN_MS = 90_000;

/**
 * Starts and stops one broker to keep the classes it loads as a class data archive (JEP 350), which every later broker
 * starts from: 1.4 CPU seconds instead of 3.9. The JVM checks that an archive fits itself and the jars, and does
 * without one that does not.
 *
 * @throws CommandFailed with the end of the broker's log
 */
export async function archiveClasses(jars: string, log: string): Promise<void> {
  await inTemporaryFolder(join(workFolder, 'class-archive-'), async (folder) => {
    const properties = join(folder, 'server.properties');
    const [brokerPort = 0, controllerPort = 0] = await choosePorts(2, new Set());
    const node = { nodeId: 1, roles: ['broker', 'controller'], brokerPort, controllerPort } as const;
    const settings = { ...node, dataFolder: join(folder, 'data'), brokerCount: 1, overrides: {} };
    writeFileSync(properties, serverProperties(settings));
    const format = formatCommand(jars, {
      propertiesFile: properties,
      clusterId: newClusterId(),
      formsQuorum: true,
    });
    await runLogged(format.program, format.args, { cwd: projectRoot, log });
    await runOnce(jars, properties, folder, log);
  });
}

async function runOnce(jars: string, properties: string, temporary: string, log: string): Promise<void> {
  const options = [`-XX:ArchiveClassesAtExit=${classArchive(jars)}`, `-Djava.io.tmpdir=${temporary}`];
  const { program, args } = nodeCommand(jars, properties, options);
  const output = openSync(log, 'a');
  const broker = spawn(program, args, { cwd: projectRoot, stdio: ['ignore', output, output] });
  closeSync(output);
  const forget = onSuddenEnd(() => broker.kill('SIGKILL'));
  const ended = once(broker, 'exit');
  const hasStarted = async () => readFileSync(log, 'utf8').includes(STARTED);
  try {
    await until(hasStarted, STARTS_WITHIN_MS, () => new CommandFailed('The broker did not start.', log));
    broker.kill('SIGTERM');
    await ended;
  } finally {
    broker.kill('SIGKILL');
    forget();
  }
}
