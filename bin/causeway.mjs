#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What runs the TypeScript of a checkout as it is. */
const NODE_OF_CHECKOUT = '24.0';
/** `OLDEST_NODE` of shared/runtime/node-version.ts, for the JavaScript of an installed package. */
const OLDEST_NODE = '22.15';
/** `ExitCode.CannotRun` of shared/cli/exit-code.ts. */
const CANNOT_RUN = 126;

/** For what reads whole logs: Node lets less garbage gather. */
const FLAGS_OF_VERIFY = ['--max-semi-space-size=4'];

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'shared', 'cli', 'main.ts');
/** Node runs no TypeScript below node_modules, so an installed package carries JavaScript. */
const built = join(root, 'dist', 'shared', 'cli', 'main.js');

/** Built-in modules only: a fresh clone has no packages yet, and the machine's Node may be older. */
async function main(args) {
  const inCheckout = existsSync(source);
  if (inCheckout) await (await import('../local/setup/packages.mjs')).installPackages(root);
  const [entry, oldest] = inCheckout ? [source, NODE_OF_CHECKOUT] : [built, OLDEST_NODE];
  const flags = args.includes('verify') ? FLAGS_OF_VERIFY : [];
  if (isAtLeast(oldest) && flags.length === 0) return void (await import(pathToFileURL(entry).href));
  const node = isAtLeast(oldest) ? process.execPath : inCheckout ? broughtNode() : undefined;
  if (node === undefined) {
    console.error(
      `causeway needs Node ${oldest} or newer; this is Node ${process.versions.node}.\n` +
        `Nothing was asked or changed. Install it: nvm install ${oldest.split('.')[0]}`,
    );
    process.exitCode = CANNOT_RUN;
    return;
  }
  await runWith(node, [...flags, entry, ...args]);
}

function isAtLeast(oldest) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldest.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** The optional packages of local/runtime hold Node itself; an installed package is not to bring one. */
function broughtNode() {
  try {
    return createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    return undefined;
  }
}

/** In place of this process, whose memory would be held beside the other's. */
function runWith(node, args) {
  // Not before Node 22.15, and not on Windows.
  if (process.platform === 'win32' || process.execve === undefined) return runBeside(node, args);
  process.execve(node, [node, ...args], process.env);
}

/** Ends as the other process ends. */
function runBeside(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // Ctrl-C reaches the other process by the terminal: it is not to get it twice.
    const reachesChild = signal === 'SIGINT' && process.stdin.isTTY;
    process.on(signal, () => reachesChild || child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal !== null) {
        process.removeAllListeners(signal);
        process.kill(process.pid, signal);
      } else {
        process.exitCode = code;
      }
      resolve();
    });
  });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error.name === 'CommandFailed' || process.argv.includes('--debug') ? error : error.message);
  process.exitCode = CANNOT_RUN;
}
