import type { Arguments } from './arguments.ts';
import { UsageError } from './errors.ts';

/**
 * The value of an option; undefined where it was not given.
 * @param help where its command is told of
 * @throws UsageError for what is no whole number from `least`
 */
export function wholeNumber(args: Arguments, option: string, least: number, help: string): number | undefined {
  const text = args.text(option);
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError(`--${option} ${text} is no whole number from ${least}`, help);
}
