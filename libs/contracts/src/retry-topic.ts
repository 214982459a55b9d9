const day = 86_400_000;

/**
 * A rung of the retry ladder. All of its records wait equally long from the broker's stamp on, so they fall due in
 * their order. The broker keeps them a day longer; PostgreSQL can make them again.
 */
export const retryTopic = <const Name extends string>(name: Name, delayMs: number) =>
  ({
    name,
    holds: `calls that wait for a retry, ${name.slice(name.lastIndexOf('.') + 1)} from the broker's stamp on`,
    key: 'call hash',
    tenant: 'member',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: delayMs + day,
    stampedBy: 'broker',
    writers: ['executor'],
    readers: ['executor'],
  }) as const;
