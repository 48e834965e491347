import type { Applications } from '../applications/applications.ts';
import { page } from './causeway.ts';

/** Shows what clients hear, between the lines of the runbook. */
export function showClients({ kafka }: Applications): void {
  const tell = (what: string) => console.log(`  ${page.style.dim(`clients: ${what}`)}`);
  kafka.on('fenced', ({ clients, cluster }) =>
    tell(
      clients === 'producers-fenced'
        ? `producers hold, nothing more is written to ${cluster}`
        : `consumers leave ${cluster}`,
    ),
  );
  kafka.on('resumed', ({ cluster }) => tell(`the fence was taken back: ${cluster} serves again`));
  kafka.on('moved', ({ from, to }) => tell(`moved from ${from} to ${to}: producers send what they held`));
  kafka.on('consumer-joined', ({ groupId, cluster, topics }) =>
    tell(`${groupId} reads ${topics.length} topics in ${cluster}`),
  );
}
