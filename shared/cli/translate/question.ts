import type { TranslateRequest } from '../../../functions/translate/request.ts';
import { Direction } from '../../client/translate/answer.ts';
import type { Arguments } from '../arguments.ts';
import { UsageError } from '../errors.ts';

const FORMS = 'Ask --group <group>, or --topic <topic> --partition <n> --offset <n>; --reverse asks the way back.';

/** What the command line asks. @throws UsageError */
export function questionIn(args: Arguments): TranslateRequest {
  if (args.positionals.length > 0) throw new UsageError(`translate takes no ${args.positionals.join(' ')}`, FORMS);
  const direction = args.flag('reverse') ? Direction.Backward : Direction.Forward;
  const [group, topic] = [args.text('group'), args.text('topic')];
  const [partition, offset] = [args.text('partition'), args.text('offset')];
  if (group !== undefined) {
    if (topic !== undefined || partition !== undefined || offset !== undefined)
      throw new UsageError('--group asks about a whole group, --topic about one offset: not both', FORMS);
    return { group, direction };
  }
  if (args.flag('from-checkpoints'))
    throw new UsageError('--from-checkpoints is about a group: one offset has none', FORMS);
  const missing = Object.entries({ topic, partition, offset }).find(([, value]) => value === undefined);
  if (topic === undefined || partition === undefined || offset === undefined)
    throw new UsageError(topic === undefined ? 'nothing was asked' : `--${missing?.[0]} is missing`, FORMS);
  return { topic, partition: whole('partition', partition), offset: whole('offset', offset), direction };
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new UsageError(`--${option} ${text} is no whole number from 0`, FORMS);
}
