import { compileNameList, type NameList, NameListRefusal } from '../policy/name-list.ts';
import { OLDER_NAMES } from './known/connector-properties.ts';
import type { Report } from './report.ts';
import type { Setting } from './setting.ts';
import type { SettingReader } from './setting-reader.ts';

type List = { patterns: string[]; origin?: NameList['origin'] };

/** Reads a list of names and Java patterns, under its name or the older one. */
export function readNames(read: SettingReader, name: string, report: Report): List {
  const older = [...OLDER_NAMES].find(([, now]) => now === name)?.[0];
  const olderAt = older === undefined ? undefined : read.at(older);
  const at = read.at(name) ?? olderAt;
  if (olderAt !== undefined && at !== olderAt)
    report.warn(olderAt, `not used: ${name} is set as well (line ${at?.line}) and wins`);
  const patterns = [...read.list(at !== undefined && at === olderAt && older !== undefined ? older : name)];
  if (at === undefined) return { patterns };
  if (patterns.length === 0) report.warn(at, 'an empty list takes nothing at all, as in MirrorMaker 2');
  refuseBadPattern(patterns, at, report);
  return { patterns, origin: { key: at.key, line: at.line } };
}

function refuseBadPattern(patterns: readonly string[], at: Setting, report: Report): void {
  try {
    compileNameList({ patterns });
  } catch (error) {
    if (!(error instanceof NameListRefusal)) throw error;
    const split = /\{\d*$/.test(error.pattern) ? ' (a comma ends a list item, also within {1,3})' : '';
    report.fault(at, `Java patterns that can be honoured: ${error.message}${split}`);
  }
}
