import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { LeftBehind } from '../../shared/runbook/left-behind/left-behind.ts';
import { runStage, type StepAnswer } from '../../shared/runbook/run-stage.ts';
import { stageTable } from '../../shared/runbook/stages/table.ts';
import { begin } from '../begin.ts';
import { parseVariables } from '../environment.ts';
import { EmbeddedMeter, publishing } from '../meter.ts';
import { conclude, endOf } from './conclude.ts';
import { runbookEnvironment } from './environment.ts';
import { conclusionOf, lostExecutionIn } from './lost-execution.ts';
import { questionIn } from './question.ts';
import { parseCall } from './request.ts';
import { RefusedToAsk, stoppedBy } from './stopped.ts';
import { wire } from './wiring.ts';

const logger = new Logger();
const meter = new EmbeddedMeter(logger);
const { flow, portsFor, leftBehind } = await begin(
  () => wire(parseVariables(runbookEnvironment, process.env)),
  logger,
  meter,
);

/** What a failover left behind; null: none has moved applications since they were on the source. */
interface LeftBehindAnswer {
  readonly leftBehind: LeftBehind | null;
}

/** One call of one stage of a runbook, by its state machine (shared/runbook/machine.ts), or a question of the command's. */
export const handler = middy<unknown, StepAnswer | LeftBehindAnswer>()
  .use(injectLambdaContext(logger))
  .use(publishing(meter))
  .handler(async (event) => {
    if (questionIn(event) !== undefined) return { leftBehind: (await leftBehind()) ?? null };
    const lost = lostExecutionIn(event);
    // What a dry run would have said nobody knows, and `not-tried` tells where none ends.
    if (lost?.dryRun) return { kind: 'passed', verdict: 'PASS', says: 'nothing was begun' };
    const call =
      lost === undefined
        ? parseCall(event)
        : await conclusionOf(lost, flow, portsFor(lost.kind, lost.execution, false));
    if (call === undefined) return { kind: 'passed', verdict: 'PASS', says: 'it was told when it ended' };
    const { stage, runbook: kind, execution, dryRun, startedBy, reason } = call;
    logger.appendKeys({ runbook: kind, stage, execution });
    let answer: StepAnswer;
    try {
      const ports = portsFor(kind, execution, dryRun);
      if (call.stage === 'conclude') {
        const report = await conclude(call, flow, ports, meter);
        logger.info('run ended', { ...endOf(call), report });
        return { kind: 'passed', verdict: 'PASS', says: 'told' };
      }
      const taskToken = call.stage === 'approve' ? call.taskToken : undefined;
      const asked = { flow, stage: call.stage, kind, execution, dryRun, startedBy, reason, taskToken };
      answer = await runStage(asked, ports, stageTable);
    } catch (error) {
      answer = stoppedBy(error);
    }
    logger.info(`${stage} ${answer.kind}: ${answer.says}`, { answer });
    // A state that waits for a person looks at no answer.
    if (stage === 'approve' && answer.kind === 'stopped') throw new RefusedToAsk(answer.code, answer.says);
    return answer;
  });
