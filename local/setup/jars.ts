import { ToolInstallFailed } from './errors.ts';
import { clearLog, type Installation, runInstaller } from './installation.ts';
import { findOnPath } from './requirements.mjs';

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** Copies the jars of a pom, with all that they depend on, into one flat folder. */
export async function installJars({ pin, folder, log }: Installation): Promise<void> {
  clearLog(log);
  const maven = findOnPath('mvn');
  if (!maven) throw new ToolInstallFailed('Maven (mvn) is not on PATH.', log);
  const goal = `${DEPENDENCY_PLUGIN}:copy-dependencies`;
  await runInstaller(maven, ['-q', '-B', '-f', pin, goal, `-DoutputDirectory=${folder}`], log);
}
