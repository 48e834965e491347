import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Lambda's runtime that the functions are built for; it also runs TypeScript files as they are. */
const NODE_OF_TASKS = 24;

/**
 * The Node that runs the task: this process's own, or the one that the optional npm packages bring.
 *
 * @param {string} root the project's folder
 * @returns {string | undefined}
 */
export function findTaskNode(root) {
  if (ownMajor() >= NODE_OF_TASKS) return process.execPath;
  const brought = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(brought) ? brought : undefined;
}

/** True where no npm package can bring the Node of the tasks, so that the machine has to. */
export function mustBringOwnNode() {
  return ownMajor() < NODE_OF_TASKS && !(process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch));
}

export const nodeFault = {
  title: `Node ${NODE_OF_TASKS} or newer (found ${process.versions.node})`,
  remedy: `install Node ${NODE_OF_TASKS}, for example: nvm install ${NODE_OF_TASKS}`,
};

function ownMajor() {
  return Number(process.versions.node.split('.')[0]);
}
