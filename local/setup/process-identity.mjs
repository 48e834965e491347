import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process was started, in a form that only has to be compared: a process id alone is used again by the system.
 *
 * @param {number} pid
 * @returns {string | undefined} undefined when there is no such process
 */
export function startTimeOf(pid) {
  return process.platform === 'linux' ? linuxStartTime(pid) : psStartTime(pid);
}

/**
 * @param {import('./process-identity.d.mts').ProcessIdentity} identity
 * @returns {boolean} true while that very process runs
 */
export function isRunning({ pid, startTime }) {
  return startTimeOf(pid) === startTime;
}

/** @returns {import('./process-identity.d.mts').ProcessIdentity} */
export function thisProcess() {
  return { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' };
}

/** Field 22 of `/proc/<pid>/stat` (proc(5)), in clock ticks since the machine was started; a zombie counts as ended. */
function linuxStartTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : `${bootId()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function bootId() {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function psStartTime(pid) {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}
