import { parseArgs } from 'node:util';

export const startHelp = `npm start [-- --fresh]

Starts a mesh on this machine: infrastructure, all services, three demo tools and a provider that answers them.

  --fresh   a throw-away mesh: nothing is taken over from former starts, and nothing is kept
  --help    show this

Calls, tools, limits and the key stay in .mesh/data of this checkout. A restart loses nothing, a kill does not either.

  PORT            where the gateway answers (8080); catalog, executor, rate governor and provider take the next four ports
  CATALOG_TOOLS   folders and packages with your tools, beside the demo tools; edits are taken without a restart
  EGRESS_ALLOW    what calls may reach beside the public internet and this machine: db.internal:8443,10.0.0.0/8:80
  GATEWAY_API_KEY the key that callers show (default: one that the first start makes)
  MESH_STACK_FOLDER, KAFKA_BROKERS, DATABASE_URL, REDIS_URL: other data, other servers

Ctrl-C drains and stops everything. Exit codes: 0 stopped, 1 failed, 2 wrong usage or configuration.`;

export interface StartOptions {
  readonly fresh: boolean;
  readonly help: boolean;
}

/** Reads the words after the command's name. Throws with the reason when one of them is unknown. */
export function startOptions(words: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...words],
    options: { fresh: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  return values;
}
