/**
 * The subscription table. It lists for each service the owners of the published events and queries that it may import.
 * A service that is missing here may import none. A test compares this table with the topic manifest of libs/contracts.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const contractsByService = {
  catalog: ['catalog'],
  executor: ['auth-broker', 'catalog', 'executor', 'gateway', 'rate-governor'],
  gateway: ['audit', 'auth-broker', 'catalog', 'executor', 'gateway', 'webhooks'],
  'rate-governor': ['rate-governor'],
  'auth-broker': ['auth-broker'],
  webhooks: ['auth-broker', 'catalog', 'executor', 'gateway', 'webhooks'],
  flows: ['catalog', 'executor', 'gateway'],
  audit: ['audit', 'auth-broker', 'executor', 'gateway', 'webhooks'],
};

/**
 * The further owners whose requests and answers a service serves or passes on over HTTP, without an event of theirs.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const passedOnContracts = {
  gateway: ['flows', 'rate-governor'],
  flows: ['flows'],
};
