import { parseArgs } from 'node:util';

export const startHelp = `npm start [-- --fresh]

Starts a mesh on this machine: infrastructure, all services, three demo tools and a provider that answers them.

  --fresh   a throw-away mesh: it uses no data of former starts, and keeps none
  --help    show this

Calls, tools, limits and keys stay in .mesh/data of this checkout. Neither a restart nor a kill loses any.

  PORT            the port of the gateway (8080); the other services take the next seven ports
  CATALOG_TOOLS   folders and packages with your tools, beside the demo tools; edits apply without a restart
  EGRESS_ALLOW    addresses that calls may reach beside the public internet and this machine: db.internal:8443,10.0.0.0/8:80
  GATEWAY_API_KEY a key of the form mesh_dev_… for callers (default: the first start makes one)
  MESH_STACK_FOLDER, KAFKA_BROKERS, DATABASE_URL, REDIS_URL: other data, other servers

Ctrl-C drains and stops everything. Exit codes: 0 stopped, 1 failed, 2 wrong usage or configuration.`;

export interface StartOptions {
  readonly fresh: boolean;
}

/** Reads the words after the command's name. Throws with the reason when one of them is unknown. */
export function startOptions(words: readonly string[]): StartOptions | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: { fresh: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  return values.help ? 'help' : { fresh: values.fresh };
}
