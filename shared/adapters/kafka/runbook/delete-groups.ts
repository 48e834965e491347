import { codeOf, wholeAnswer } from '../groups/answer.ts';
import { askCoordinators, type GroupsRequest } from '../groups/ask-coordinators.ts';
import type { GroupCoordinators } from '../groups/coordinators.ts';
import { isPassing } from '../groups/failure-code.ts';
import { runbookApis } from './apis.ts';

const GROUPS_PER_REQUEST = 50;
/** It is not there (any more). */
const GONE = 'GROUP_ID_NOT_FOUND';

interface Deleted {
  readonly results: readonly { readonly groupId: string; readonly errorCode: number }[];
}

/** @returns the groups that are still there, each with the code of why; one that was not there is gone */
export async function deleteGroups(
  coordinators: GroupCoordinators,
  groups: readonly string[],
  timeoutMs: number,
): Promise<ReadonlyMap<string, string>> {
  const answers = await askCoordinators(coordinators, groups, request, { timeoutMs, signal: undefined });
  return new Map([...answers].flatMap(([group, code]) => (code === undefined || code === GONE ? [] : [[group, code]])));
}

const request: GroupsRequest<string | undefined> = {
  groupsPerRequest: GROUPS_PER_REQUEST,
  send: async (connection, groups) => {
    const { results } = await connection
      .call(runbookApis.deleteGroups, [...groups])
      .catch(wholeAnswer((value): value is Deleted => 'results' in value && Array.isArray(value.results)));
    return new Map(
      results.map(({ groupId, errorCode }) => {
        const code = errorCode === 0 ? undefined : codeOf(errorCode);
        return [groupId, { value: code, again: code !== undefined && isPassing(code) }];
      }),
    );
  },
  failed: (_group, code) => code,
};
