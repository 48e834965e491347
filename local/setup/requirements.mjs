import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Node's oldest release line that can run this setup; what the tasks run on is found in `runtime.mjs`. */
const OLDEST_NODE = 20;
const OLDEST_JAVA = 17;
/** LocalStack's packages are pinned for this release. */
const PYTHON = '3.11';

/**
 * What a task may need of the machine. Each entry answers `undefined`, or the fault as a title and a remedy.
 *
 * @typedef {import('./requirements.d.mts').Fault} Fault
 * @type {Record<import('./tasks.d.mts').Need, () => Promise<Fault | undefined>>}
 */
const probes = {
  async node() {
    const [major] = process.versions.node.split('.').map(Number);
    if (major >= OLDEST_NODE) return undefined;
    return { title: `Node ${OLDEST_NODE} or newer (found ${process.versions.node})`, remedy: 'install Node 24' };
  },
  async npm() {
    if (findOnPath('npm')) return undefined;
    return { title: 'npm (not on PATH)', remedy: 'it comes with Node; Debian and Ubuntu: apt-get install npm' };
  },
  async java() {
    const remedy = `Debian and Ubuntu: apt-get install openjdk-${OLDEST_JAVA}-jre-headless; macOS: brew install openjdk@${OLDEST_JAVA}; or point JAVA_HOME at one`;
    const wanted = `Java ${OLDEST_JAVA} or newer`;
    const java = findJava();
    if (!java) return { title: `${wanted} (not on PATH, and JAVA_HOME has none)`, remedy };
    const text = await output(java, ['-version']);
    const version = /version "(?:1\.)?(\d+)/.exec(text ?? '')?.[1];
    if (version && Number(version) >= OLDEST_JAVA) return undefined;
    return { title: `${wanted} (${version ? `${java} is ${version}` : `${java} does not run`})`, remedy };
  },
  async maven() {
    if (findOnPath('mvn')) return undefined;
    return {
      title: 'Maven (no mvn on PATH)',
      remedy: 'Debian and Ubuntu: apt-get install maven; macOS: brew install maven',
    };
  },
  async python() {
    if (await findPython()) return undefined;
    return {
      title: `Python ${PYTHON} with the venv module (not on PATH)`,
      remedy: `Debian and Ubuntu: apt-get install python${PYTHON}-venv; macOS: brew install python@${PYTHON}; or pyenv install ${PYTHON}`,
    };
  },
};

/**
 * @param {readonly import('./tasks.d.mts').Need[]} needs
 * @returns {Promise<Fault[]>} all faults at once
 */
export async function faultsOf(needs) {
  const found = await Promise.all(needs.map((need) => probes[need]()));
  return found.filter((fault) => fault !== undefined);
}

/**
 * @param {string} task
 * @param {readonly Fault[]} faults
 */
export function describeFaults(task, faults) {
  const list = faults.map(({ title, remedy }) => `  - ${title}\n      ${remedy}`);
  return `"${task}" needs what this machine does not have:\n${list.join('\n')}\nNothing was changed. Install it and run the command again.`;
}

/** @returns {string | undefined} the Java that everything local runs on: JAVA_HOME's, else the first on PATH */
export function findJava() {
  const home = process.env.JAVA_HOME && join(process.env.JAVA_HOME, 'bin', 'java');
  return home && isExecutable(home) ? home : findOnPath('java');
}

/** @returns {Promise<string | undefined>} a Python of the pinned release that can make virtual environments */
export async function findPython() {
  for (const name of [`python${PYTHON}`, 'python3', 'python']) {
    const python = findOnPath(name);
    const release = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
    if (python && (await output(python, ['-c', release]))?.trim() === PYTHON) return python;
  }
  return undefined;
}

/** @param {string} name */
export function findOnPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What a program prints on both channels (Java tells its version on the second), undefined when it fails. */
function output(program, args) {
  return new Promise((resolve) => {
    execFile(program, args, { encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve(error ? undefined : stdout + stderr),
    );
  });
}
