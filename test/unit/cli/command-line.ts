import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExitCode } from '../../../shared/cli/exit-code.ts';
import { run } from '../../../shared/cli/run.ts';
import { UNSTYLED } from '../../../shared/cli/terminal/page.ts';
import type { Resolve } from '../../../shared/config/secrets/reference.ts';

export interface Outcome {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Two clusters and one enabled flow; `lines` come after. */
export function properties(...lines: readonly string[]): string {
  return [
    'clusters = us-east, us-west',
    'us-east.bootstrap.servers = east:9092',
    'us-west.bootstrap.servers = west:9092',
    'us-east->us-west.enabled = true',
    ...lines,
    '',
  ].join('\n');
}

/** Runs one command line in a folder with this `mm2.properties`, if any. */
export async function causeway(args: readonly string[], text?: string, resolve?: Resolve): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-cli-'));
  try {
    if (text !== undefined) writeFileSync(join(folder, 'mm2.properties'), text);
    return await causewayIn(folder, args, resolve);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As a pipe gets it: 80 columns, no colours. */
export async function causewayIn(folder: string, args: readonly string[], resolve?: Resolve): Promise<Outcome> {
  const written = { out: '', err: '' };
  const channel = (name: keyof typeof written) => ({
    page: UNSTYLED,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const nothing: Resolve = async () => Promise.reject(new Error('nothing is looked up'));
  const exitCode = await run(args, {
    folder,
    out: channel('out'),
    err: channel('err'),
    setVariables: () => {},
    resolve: resolve ?? nothing,
  });
  return { exitCode, ...written };
}
