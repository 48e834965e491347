import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { StandingsLog } from '../../shared/checkpoint/standings.ts';
import type { GroupPlan } from '../../shared/groups/plan.ts';
import { repeatUntil } from '../../shared/schedule/repeat.ts';
import { begin } from '../begin.ts';
import { mapEnvironment, parseVariables } from '../environment.ts';
import { EmbeddedMeter, publishing } from '../meter.ts';
import { publishStandings, type RunSummary, TickLog } from './report.ts';
import { parseRequest } from './request.ts';
import { wire } from './wiring.ts';

/** No tick is begun when there is less left of the function's time. */
const TICK_MS = 20_000;

const logger = new Logger();
const meter = new EmbeddedMeter(logger);
const { commits, ticker, clock } = await begin(() => wire(parseVariables(mapEnvironment, process.env)), logger, meter);
const log = new TickLog(logger, meter);
const standings = new StandingsLog(commits);

/** Carries over the consumer groups of one flow for a minute, or once, at once (`{"action":"checkpoint","forSeconds":0}`). */
export const handler = middy<unknown, RunSummary | undefined>()
  .use(injectLambdaContext(logger))
  .use(publishing(meter))
  .handler(async (event, context) => {
    const { forSeconds } = parseRequest(event);
    const began = clock.now();
    log.beginRun();
    const until = began + Math.min(forSeconds * 1_000, context.getRemainingTimeInMillis() - TICK_MS);
    let plans: readonly GroupPlan[] | undefined;
    const tick = async (everything: boolean) => {
      const report = await ticker.tick(everything);
      plans = report.plans;
      log.ticked(report);
    };
    const run =
      forSeconds === 0
        ? tick(true)
        : repeatUntil(clock, until, {
            nextAt: () => ticker.nextAt,
            work: () => tick(false),
            failed: (error) => log.failed(error),
          });
    const failure = await run.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const summary = plans && publishStandings(standings.take(plans), plans.length, logger, meter);
    if (failure) throw failure.error;
    return summary;
  });
