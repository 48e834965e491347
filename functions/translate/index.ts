import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { begin } from '../begin.ts';
import { mapEnvironment, parseVariables } from '../environment.ts';
import { EmbeddedMeter } from '../meter.ts';
import { answerEvent, type UrlResponse } from './answer.ts';
import type { TranslateResponse } from './response.ts';
import { wire } from './wiring.ts';

const logger = new Logger();
const meter = new EmbeddedMeter(logger);
const translator = await begin(() => wire(parseVariables(mapEnvironment, process.env)), logger, meter);

/** Where an offset or a group of one cluster is on the other one; asked by invocation or over the function URL. */
export const handler = middy<unknown, TranslateResponse | UrlResponse>()
  .use(injectLambdaContext(logger))
  .handler((event) =>
    answerEvent(event, translator, ({ code, error }) => {
      if (error === undefined) logger.debug(code);
      else logger.info(`${code}: ${error.message}`, { error });
    }),
  );
