/**
 * The subscription table. It lists for each service the owners of the published events and queries that it may import.
 * A service that is missing here may import none. A test compares this table with the topic manifest of libs/contracts.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const contractsByService = {
  catalog: ['catalog'],
  executor: ['auth-broker', 'catalog', 'executor', 'gateway', 'rate-governor'],
  gateway: ['auth-broker', 'catalog', 'executor', 'gateway'],
  'rate-governor': ['rate-governor'],
  'auth-broker': ['auth-broker'],
};
