import { topics, type Party, type Topic } from '@action-mesh/contracts';

/** The operations of one party on one topic, in Kafka's words. */
export interface AccessRule {
  /** The party's Kafka principal: `User:gateway`. Each agent gets its own, with the rules of `User:agent`. */
  readonly principal: `User:${Party}`;
  readonly topic: string;
  readonly operations: readonly ('Read' | 'Write' | 'Describe')[];
}

/** The access rules of a broker that identifies its clients, from the readers and writers of the topic manifest. */
export function accessRules(): AccessRule[] {
  return Object.values<Topic>(topics).flatMap((topic) => {
    const parties = [...new Set([...topic.writers, ...topic.readers])];
    return parties.map((party) => ({
      principal: `User:${party}` as const,
      topic: topic.name,
      operations: [
        ...(topic.readers.includes(party) ? (['Read'] as const) : []),
        ...(topic.writers.includes(party) ? (['Write'] as const) : []),
        'Describe' as const,
      ],
    }));
  });
}
