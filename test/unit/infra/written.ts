import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/** A folder that is gone when the test file ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-infra-'));
  folders.push(folder);
  return folder;
}

export function removeWritten(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}
