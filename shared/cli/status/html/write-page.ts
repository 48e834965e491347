import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../../flow/errors.ts';
import { UsageError } from '../../errors.ts';
import { replaceFile } from '../../replace-file.ts';
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

/** @throws PageNotWrittenError */
export async function writePage(file: string, page: string): Promise<void> {
  try {
    await replaceFile(file, page);
  } catch (error) {
    throw new PageNotWrittenError(file, error);
  }
}
