import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Progress } from './progress.mjs';
import { onSuddenEnd } from './sudden-end.mjs';

const EXCERPT_LINES = 25;

/** A program that failed, with where its output is kept and the part of it that says most. */
export class CommandFailed extends Error {
  /** @param {string} what @param {string} log */
  constructor(what, log) {
    super(`${what}\nFrom its output (all of it: ${log}):\n${excerptOf(log)}`);
    this.name = 'CommandFailed';
  }
}

/** stdout belongs to the task. */
const progress = new Progress(process.stderr);

/**
 * Runs one step, shows that it goes on, and prints one line about it at its end, with its seconds; all of it to stderr.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {() => string} [doing] what it does at the moment, or how far it is
 * @returns {Promise<T>}
 */
export async function step(name, work, doing = () => '') {
  const began = performance.now();
  const seconds = (digits) => `${((performance.now() - began) / 1000).toFixed(digits)} s`;
  const line = (mark) => `${mark} ${name.padEnd(34)} ${seconds(1)}`;
  // Not in columns: there is room for what it does on a terminal of 80.
  const end = progress.begin(() => [`  ...    ${name}`, seconds(0), doing()].filter(Boolean).join('  '));
  try {
    const result = await work();
    end(line('  done  '));
    return result;
  } catch (error) {
    end(line('  FAILED'));
    throw error;
  }
}

/**
 * Runs a program with its output in a log file.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, log: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<void>}
 * @throws {CommandFailed} when it cannot be started or ends with anything but 0
 */
export function runLogged(program, args, { cwd, log, env = process.env }) {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'a');
  return new Promise((resolve, reject) => {
    const fail = (how) => reject(new CommandFailed(`${[program, ...args].join(' ')} ${how}.`, log));
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', output, output] });
    closeSync(output);
    const forget = onSuddenEnd(() => {
      console.error(`\nStopping ${basename(program)} ...`);
      child.kill();
    });
    child.once('error', (error) => fail(`could not be started (${error.message})`));
    child.once('exit', (code, signal) => (code === 0 ? resolve() : fail(`ended with ${signal ?? code}`)));
    child.once('close', forget);
  });
}

/**
 * An installer's output from its first error on: npm and Maven end theirs with pages of advice.
 *
 * @param {string} log
 */
function excerptOf(log) {
  const lines = linesOf(log);
  const firstError = lines.findIndex((line) => /\berr(or)?\b/i.test(line));
  return (firstError < 0 ? lines.slice(-EXCERPT_LINES) : lines.slice(firstError, firstError + EXCERPT_LINES)).join(
    '\n',
  );
}

/**
 * The last lines of a log, at which a process came to its end.
 *
 * @param {string} log
 */
export function tailOf(log) {
  return linesOf(log).slice(-EXCERPT_LINES).join('\n');
}

function linesOf(log) {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n');
  } catch {
    return ['(no output)'];
  }
}
