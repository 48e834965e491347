import { InvalidTranslationRequest } from '../../shared/client/translate/errors.ts';
import type { Translator } from '../../shared/client/translate/translator.ts';
import { CausewayError } from '../../shared/flow/errors.ts';
import { type Asked, parseRequest, readEvent } from './request.ts';
import { faultOf, groupResponse, offsetResponse, type TranslateResponse } from './response.ts';

/** A response of a function URL. */
export interface UrlResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const METHODS = ['GET', 'POST'];
const METHOD_NOT_ALLOWED = 405;

/** What became of a question, for the log. */
export type Told = (outcome: { readonly code: string; readonly error?: CausewayError }) => void;

/** Answers an invocation with an object, a function URL with its status and the same object as JSON. */
export async function answerEvent(
  event: unknown,
  translator: Translator,
  told: Told,
): Promise<TranslateResponse | UrlResponse> {
  const asked = readEvent(event);
  if (asked.by === 'url' && !METHODS.includes(asked.method)) return notAllowed(asked.method);
  const answer = await answerTo(asked, translator, told);
  if (asked.by === 'invoke') return answer;
  return asJson('error' in answer ? answer.error.status : 200, answer);
}

async function answerTo(asked: Asked, translator: Translator, told: Told): Promise<TranslateResponse> {
  try {
    const request = parseRequest(asked.by === 'url' ? asked.question() : asked.question);
    const answer =
      'group' in request
        ? groupResponse(await translator.translateGroup(request.group, request.direction))
        : offsetResponse(await translator.translateOffset(request, request.offset, request.direction));
    told({ code: 'TRANSLATED' });
    return answer;
  } catch (error) {
    if (!(error instanceof CausewayError)) throw error;
    told({ code: error.code, error });
    return { error: faultOf(error) };
  }
}

function notAllowed(method: string): UrlResponse {
  const refusal = faultOf(new InvalidTranslationRequest(`${method} is not answered, only ${METHODS.join(' and ')}`));
  const answer = asJson(METHOD_NOT_ALLOWED, { error: { ...refusal, status: METHOD_NOT_ALLOWED } });
  return { ...answer, headers: { ...answer.headers, allow: METHODS.join(', ') } };
}

const JSON_TYPE = { 'content-type': 'application/json' };

function asJson(statusCode: number, answer: object): UrlResponse {
  return { statusCode, headers: JSON_TYPE, body: JSON.stringify(answer) };
}
