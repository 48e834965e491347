import { constants } from 'node:fs';
import { access, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../../../flow/errors.ts';
import { UsageError } from '../../errors.ts';
import { PageNotWrittenError } from '../errors.ts';

/** A slip in a path is told before anything is asked. @throws UsageError */
export async function mustBeWritable(file: string): Promise<void> {
  try {
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `--html ${file} cannot be written: ${messageOf(error)}`,
      'Name a file in a folder that is there and may be written.',
    );
  }
}

/** Whoever reads the file meanwhile has the one before, whole. @throws PageNotWrittenError */
export async function writePage(file: string, page: string): Promise<void> {
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.draft`);
  try {
    await writeFile(draft, page);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw new PageNotWrittenError(file, error);
  }
}
