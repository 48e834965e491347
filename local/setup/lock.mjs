import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, thisProcess } from './process-identity.mjs';
import { onSuddenEnd } from './sudden-end.mjs';

const POLL_MS = 100;
/** Longer than anyone can take from reading a lock's owner to moving the lock aside. */
const TOMBSTONE_MS = 60_000;

/**
 * Runs `work` while this process alone holds the lock folder `path`; waits for another holder as long as that one
 * lives. The folder appears by a rename with its owner already inside, so there is no lock without an owner.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {(ownerPid: number) => void} [onWait] called once, when another process holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait = () => {}) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!acquire(path)) {
    const owner = ownerOf(path);
    if (owner && !isRunning(owner)) {
      moveAside(path, owner);
      continue;
    }
    if (owner && !told) onWait(owner.pid);
    told ||= owner !== undefined;
    await delay(POLL_MS);
  }
  const forget = onSuddenEnd(() => release(path));
  try {
    sweepTombstones(path);
    return await work();
  } finally {
    forget();
    release(path);
  }
}

function acquire(path) {
  const draft = mkdtempSync(`${path}.draft-`);
  writeFileSync(join(draft, 'owner.json'), JSON.stringify(thisProcess()));
  try {
    renameSync(draft, path);
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
    throw error;
  }
}

/** By a rename: a folder emptied in place could be taken by the next owner before it is removed. */
function release(path) {
  const left = join(mkdtempSync(`${path}.draft-`), 'released');
  renameSync(path, left);
  rmSync(dirname(left), { recursive: true, force: true });
}

function ownerOf(path) {
  try {
    return JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Moves a dead owner's lock to a name made from that owner, where it stays for a while. Whoever comes later with the
 * same finding meets a folder that is not empty, so the lock of a newer owner is never moved by mistake.
 */
function moveAside(path, owner) {
  try {
    renameSync(path, `${path}.stale-${owner.pid}-${owner.startTime.replace(/\W+/g, '-')}`);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
  }
}

function sweepTombstones(path) {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const left = name.startsWith(`${basename(path)}.stale-`) || name.startsWith(`${basename(path)}.draft-`);
    const tombstone = join(folder, name);
    if (left && olderThan(tombstone, TOMBSTONE_MS)) rmSync(tombstone, { recursive: true, force: true });
  }
}

function olderThan(path, ageMs) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.ctimeMs > ageMs;
}
