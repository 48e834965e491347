/** `causeway/client/translate`: exact translations from the offset map. Needs AWS. */

import '../runtime/check-node.ts';

export { CausewayError } from '../flow/errors.ts';
export * from './translate/answer.ts';
export * from './translate/errors.ts';
export { type OpenTranslator, openTranslator, type TranslatorOptions } from './translate/open.ts';
export type { LastCheckpoints, TranslationCluster, TranslatorPorts } from './translate/ports.ts';
export { Translator } from './translate/translator.ts';
