import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './packages.mjs';
import { describeFaults, faultsOf } from './requirements.mjs';
import { findTaskNode, mustBringOwnNode, nodeFault } from './runtime.mjs';
import { helpFor, tasks, usage } from './tasks.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Everything before the task: built-in modules only, so that it runs in a fresh clone and on an older Node. */
async function prepare(name, task, args) {
  const faults = await faultsOf(task.needs(args));
  if (mustBringOwnNode()) faults.push(nodeFault);
  if (faults.length > 0) throw new Refusal(describeFaults(name, faults));
  await installPackages(root);
  const node = findTaskNode(root);
  if (!node) throw new Refusal(describeFaults(name, [nodeFault]));
  if (!existsSync(join(root, task.entry))) throw new Refusal(`"${name}" has no ${task.entry} in this checkout.`);
  return node;
}

class Refusal extends Error {}

/** kafkajs 2.2.4 sets timers with negative times, which Node 24 remarks on. */
const NODE_FLAGS = ['--disable-warning=TimeoutNegativeWarning'];

function run(node, entry, args) {
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(node, [...NODE_FLAGS, join(root, entry), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // Ctrl-C reaches the task by the terminal: it is not to get it twice.
    const reachesTask = signal === 'SIGINT' && process.stdin.isTTY;
    process.on(signal, () => reachesTask || child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : code));
  });
}

async function main([name, ...args]) {
  const help = helpFor([name, ...args]);
  if (help !== undefined) {
    console.log(help);
    return 0;
  }
  const task = name && Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!task) throw new Refusal(usage(name));
  const node = await prepare(name, task, args);
  return run(node, task.entry, args);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Refusal || error.name === 'CommandFailed' ? error.message : error);
  process.exitCode = 1;
}
