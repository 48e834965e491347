import { expect, test } from 'vitest';
import type { Published } from '../../../../shared/runbook/ports/publication.ts';
import { ClientState, type RegistryEntry } from '../../../../shared/runbook/registry/entry.ts';
import { initialEntry } from '../../../../shared/runbook/registry/initial-entry.ts';
import { publishing } from '../../../../shared/runbook/registry/publishing.ts';

const FLOW = { source: 'us-east', target: 'us-west' };

/** A registry whose fences change it, and a publication with an answer for each call. */
function scene(...answers: (readonly Published[])[]) {
  const told: RegistryEntry[] = [];
  let entry = initialEntry(FLOW);
  const become = async (clients: ClientState) => {
    if (entry.clients !== clients) entry = { ...entry, clients, changedAt: entry.changedAt + 1 };
    return entry;
  };
  const fences = publishing(
    {
      fenceProducers: () => become(ClientState.ProducersFenced),
      fenceConsumers: () => become(ClientState.ClientsFenced),
      unfence: () => become(ClientState.Serving),
    },
    {
      publish: async (current) => {
        told.push(current);
        return answers[told.length - 1] ?? [{ region: 'us-west-2', because: undefined }];
      },
    },
  );
  return { fences, states: () => told.map(({ clients }) => clients) };
}

test('every change of what clients are to do is told, and none twice', async () => {
  const { fences, states } = scene();

  await fences.fenceProducers(3);
  await fences.fenceProducers(3);
  await fences.fenceConsumers(3);
  const { clients } = await fences.unfence(3);
  await fences.unfence(3);

  expect(clients).toBe(ClientState.Serving);
  expect(states()).toEqual([ClientState.ProducersFenced, ClientState.ClientsFenced, ClientState.Serving]);
});

test('a region that was not told is told again at the next call', async () => {
  const away = [
    { region: 'us-west-2', because: undefined },
    { region: 'us-east-1', because: 'no answer within 3000 ms' },
  ];
  const { fences, states } = scene(away);

  await fences.fenceProducers(3);
  await fences.fenceProducers(3);
  await fences.fenceProducers(3);

  expect(states()).toEqual([ClientState.ProducersFenced, ClientState.ProducersFenced]);
});

test('what is refused is told to nobody', async () => {
  let published = false;
  const refused = () => Promise.reject(new Error('RUN_SUPERSEDED'));
  const fences = publishing(
    { fenceProducers: refused, fenceConsumers: refused, unfence: refused },
    {
      publish: async () => {
        published = true;
        return [];
      },
    },
  );

  await expect(fences.fenceProducers(1)).rejects.toThrow('RUN_SUPERSEDED');
  expect(published).toBe(false);
});
