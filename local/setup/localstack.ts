import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ToolInstallFailed } from './errors.ts';
import { clearLog, type Installation, runInstaller } from './installation.ts';
import { projectRoot, workFolder } from './project.ts';
import { findPython } from './requirements.mjs';
import { step } from './steps.mjs';
import { inTemporaryFolder } from './temporary-folder.ts';

/** The project's LocalStack plugin: Node functions, DynamoDB Local, event source mappings for Kafka. */
const pluginSource = join(projectRoot, 'local', 'localstack');

/** What building, testing and running the plugin leaves behind: not part of it. */
const byProduct = /(^|\/)(__pycache__|build|tests?|\.pytest_cache|[^/]+\.egg-info|requirements\.lock\.txt)(\/|$)/;

/** A virtual environment with LocalStack. Byte code is left to be made on first use: most of it never is. */
export async function installLocalStack({ pin, folder, log }: Installation): Promise<void> {
  clearLog(log);
  const python = await findPython();
  if (!python) throw new ToolInstallFailed('Python 3.11 with the venv module is not on PATH.', log);
  await runInstaller(python, ['-m', 'venv', folder], log);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-compile'];
  await runInstaller(join(folder, 'bin', 'python'), [...pip, '--requirement', pin], log);
}

/** Puts the plugin into the virtual environment, again whenever one of its files has changed. */
export async function installPlugin(environment: string): Promise<void> {
  const files = pluginFiles();
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(pluginSource, file)))
      .update('\0');
  const installed = hash.digest('hex');
  const mark = join(environment, '.plugin');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === installed) return;
  await step("LocalStack's plugin", () => pipInstall(environment, files));
  writeFileSync(mark, installed);
}

/** From a copy: the build would leave its by-products in the sources. */
async function pipInstall(environment: string, files: readonly string[]): Promise<void> {
  const log = join(workFolder, 'logs', 'install-plugin.log');
  clearLog(log);
  await inTemporaryFolder(join(workFolder, 'plugin-build-'), async (copy) => {
    for (const file of files) cpSync(join(pluginSource, file), join(copy, file));
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-build-isolation'];
    await runInstaller(join(environment, 'bin', 'python'), [...pip, '--force-reinstall', copy], log);
  });
}

function pluginFiles(): string[] {
  return readdirSync(pluginSource, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(pluginSource, join(entry.parentPath, entry.name)))
    .filter((file) => !byProduct.test(file))
    .sort();
}
