/**
 * The subscription table: whose published events and queries each service may know. A service that is missing here may
 * know none. A test compares this table with the topic manifest of libs/contracts, so that neither can drift.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const contractsByService = {
  catalog: ['catalog'],
  executor: ['catalog', 'executor', 'gateway', 'rate-governor'],
  gateway: ['catalog', 'executor', 'gateway'],
  'rate-governor': ['rate-governor'],
};
