import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { messageOf } from '../../flow/errors.ts';
import { KeyUnusable } from './errors.ts';

/** Of a PEM file; undefined where none is named. @throws KeyUnusable */
export async function keyFrom(path: string | undefined, kind: 'private' | 'public'): Promise<KeyObject | undefined> {
  if (path === undefined) return undefined;
  try {
    const pem = await readFile(path, 'utf8');
    return kind === 'private' ? createPrivateKey(pem) : createPublicKey(pem);
  } catch (error) {
    throw new KeyUnusable(path, messageOf(error));
  }
}
