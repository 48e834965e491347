import type { Adoption, PartitionPlan, PartitionResult, TopicAdoption } from '../../adopt/adoption.ts';
import { tellRefusal } from '../../adopt/refusal.ts';
import { counted } from '../../counted.ts';
import { type Field, fields, type Line, type Page } from '../terminal/page.ts';

type Outcome = PartitionPlan['outcome'] | PartitionResult['outcome'];
type AnyPartition = { readonly partition: number; readonly outcome: Outcome };
export type AnyAdoption = Adoption<AnyPartition>;

export function present(page: Page, adoption: AnyAdoption, isDone: boolean): string {
  const { style } = page;
  const head = fields(
    page,
    [{ label: style.bold(adoption.flow), lines: [headline(page, adoption, isDone), ...beside(page, adoption)] }],
    0,
  );
  const topics = adoption.topics.map((topic) => `  ${topic.topic} -> ${topic.remoteTopic}\n${rows(page, topic)}`);
  const next = nextStep(adoption, isDone);
  return [head, ...topics, ...(next === undefined ? [] : [fields(page, [{ label: 'next', lines: [next] }])])].join(
    '\n',
  );
}

function headline({ style }: Page, adoption: AnyAdoption, isDone: boolean): string {
  const outcomes = outcomesOf(adoption);
  const count = (...kinds: readonly Outcome['kind'][]) => outcomes.filter(({ kind }) => kinds.includes(kind)).length;
  const parts: readonly (readonly [number, string, (text: string) => string])[] = [
    [count('adopt'), 'to take over', style.bold],
    [count('adopted'), 'taken over', style.good],
    [count('replicated'), isDone ? 'taken over already' : 'replicated already', style.good],
    [count('begin'), 'not copied yet', style.dim],
    [count('refused'), 'refused', style.bad],
  ];
  const told = parts.filter(([each]) => each > 0).map(([each, text, paint]) => paint(`${each} ${text}`));
  return `${counted(outcomes.length, 'partition')}${told.length === 0 ? '' : `: ${told.join(', ')}`}`;
}

function beside({ style }: Page, { workersRunning, connectors, absent }: AnyAdoption): readonly Line[] {
  return [
    ...(workersRunning ? [style.warning('MirrorMaker 2 is running')] : []),
    ...(connectors.length === 0 ? [style.warning('Kafka Connect has recorded no offsets of this source')] : []),
    ...absent.map((topic) => style.warning(`${topic} is not on the source, or has no copy`)),
  ];
}

function rows(page: Page, { topic, partitions }: TopicAdoption<AnyPartition>): string {
  const row = ({ partition, outcome }: AnyPartition): Field => ({
    label: `${topic}-${partition}`,
    lines: linesOf(page, outcome),
  });
  return fields(page, partitions.map(row), 4);
}

function linesOf({ style }: Page, outcome: Outcome): readonly Line[] {
  switch (outcome.kind) {
    case 'adopt':
    case 'adopted': {
      const { nextSource, nextTarget, beyondRecord, duplicates, runs } = outcome.position;
      const [first] = runs;
      return [
        `${outcome.kind === 'adopt' ? 'to take over' : style.good('taken over')}: source ${nextSource} goes to target ${nextTarget}`,
        style.dim(
          first === undefined
            ? 'no record is on both sides: offsets before cannot be translated'
            : `offsets can be translated from source ${first.source} on`,
        ),
        ...(beyondRecord ? [style.dim(`${counted(beyondRecord, 'record')} copied beyond what was recorded`)] : []),
        ...(duplicates > 0
          ? [
              style.warning(
                `the target holds ${counted(duplicates, 'record')} once more: MirrorMaker 2 copied them again itself`,
              ),
            ]
          : []),
      ];
    }
    case 'begin':
      return [`MirrorMaker 2 copied nothing: Causeway begins at source ${outcome.from}`];
    case 'replicated':
      return [`replicated by Causeway: source ${outcome.nextSource} is next`];
    case 'refused': {
      const { code, what, safe, next } = tellRefusal(outcome.refusal);
      return [`${style.bad(code)}: ${what}`, safe, next];
    }
  }
}

function nextStep(adoption: AnyAdoption, isDone: boolean): string | undefined {
  if (isDone || !outcomesOf(adoption).some(({ kind }) => kind === 'adopt')) return undefined;
  return adoption.workersRunning
    ? 'Stop MirrorMaker 2 on every worker, then run it again with --yes. Where it stops then is found out anew.'
    : 'Nothing was changed. Run it again with --yes to carry this out.';
}

export function outcomesOf({ topics }: AnyAdoption): readonly Outcome[] {
  return topics.flatMap(({ partitions }) => partitions.map(({ outcome }) => outcome));
}

/** For programs: without items and runs, and each refusal as it is told. */
export function asJson({ topics, ...adoption }: AnyAdoption): object {
  return {
    ...adoption,
    refused: refusalsOf({ ...adoption, topics }),
    topics: topics.map(({ topic, remoteTopic, partitions }) => ({
      topic,
      remoteTopic,
      partitions: partitions.map(({ partition, outcome }) => ({ partition, ...outcomeJson(outcome) })),
    })),
  };
}

/** How many partitions are refused, by code. */
function refusalsOf(adoption: AnyAdoption): Readonly<Record<string, number>> {
  const codes = outcomesOf(adoption).flatMap((each) =>
    each.kind === 'refused' ? [tellRefusal(each.refusal).code] : [],
  );
  return Object.fromEntries(
    Map.groupBy(codes, (code) => code)
      .entries()
      .map(([code, all]) => [code, all.length]),
  );
}

function outcomeJson(outcome: Outcome): object {
  switch (outcome.kind) {
    case 'adopt':
    case 'adopted': {
      const { nextSource, nextTarget, runs, duplicates, beyondRecord } = outcome.position;
      const [first] = runs;
      return {
        outcome: outcome.kind,
        ...{ nextSource, nextTarget, duplicates },
        ...(beyondRecord !== undefined && { beyondRecord }),
        ...(first && { translatedFrom: { source: first.source, target: first.target } }),
      };
    }
    case 'begin':
      return { outcome: outcome.kind, nextSource: outcome.from };
    case 'replicated':
      return { outcome: outcome.kind, nextSource: outcome.nextSource };
    case 'refused':
      return { outcome: outcome.kind, refusal: { ...tellRefusal(outcome.refusal), facts: outcome.refusal } };
  }
}
