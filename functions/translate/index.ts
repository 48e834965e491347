import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import { begin } from '../begin.ts';
import { mapEnvironment, parseVariables } from '../environment.ts';
import { answerEvent, type UrlResponse } from './answer.ts';
import type { TranslateResponse } from './response.ts';
import { wire } from './wiring.ts';

const logger = new Logger();
const metrics = new Metrics();
const translator = await begin(() => wire(parseVariables(mapEnvironment, process.env)), logger, metrics);

/** Where an offset or a group of one cluster is on the other one; asked by invocation or over the function URL. */
export const handler = middy<unknown, TranslateResponse | UrlResponse>()
  .use(injectLambdaContext(logger))
  .handler((event) =>
    answerEvent(event, translator, ({ code, error }) => {
      if (error === undefined) logger.debug(code);
      else logger.info(`${code}: ${error.message}`, { error });
    }),
  );
