import { keyFile, type MeshKeys } from './mesh-keys.js';

export interface Started {
  readonly gatewayUrl: string;
  /** Absent when `GATEWAY_API_KEY` sets the key. The welcome then shows no key. */
  readonly keys: MeshKeys | undefined;
  /** Absent when nothing is kept. */
  readonly dataFolder: string | undefined;
  /** The owner of the database. Servers of this start keep their data in the folder; others keep them elsewhere. */
  readonly database: 'this start' | 'environment' | 'running stack';
  readonly kafkaBrokers: readonly string[];
  /** Accepted and refused tools, by location; the demo tools have no name. */
  readonly tools: readonly {
    readonly location: string | undefined;
    readonly count: number;
    readonly refused: number;
  }[];
  /** Sentences for a person to read before the first call. */
  readonly warnings: readonly string[];
}

/** The text that a start prints when it accepts calls. */
export function welcome(started: Started): string {
  const { gatewayUrl, kafkaBrokers, warnings } = started;
  return [
    '',
    `Action Mesh takes calls at ${gatewayUrl}. Try:`,
    '',
    ...keyLines(started),
    `  curl -s ${gatewayUrl}/v1/tools/enrich_lead/execute \\`,
    '    -H "Authorization: Bearer $GATEWAY_API_KEY" -H \'Content-Type: application/json\' \\',
    "    -H 'Idempotency-Key: first-try' \\",
    `    -d '{"user_id":"ada","arguments":{"email":"ada@example.com"}}'`,
    '',
    `Tools: ${toolsText(started)}.`,
    ...warnings.map((warning) => `  ! ${warning}`),
    'Tools from an OpenAPI document:',
    '',
    `  GATEWAY_URL=${gatewayUrl} npm run import -- node_modules/@octokit/openapi/generated/api.github.com.json --select tag:issues`,
    '',
    `Kafka is at ${kafkaBrokers.join(',')}.${publisherText(started)}`,
    dataText(started),
    'Calls that fail, die or need a person are listed below as they happen. Ctrl-C drains and stops everything.',
    '',
  ].join('\n');
}

function keyLines({ keys, dataFolder }: Started): string[] {
  if (keys === undefined) return [];
  if (dataFolder === undefined || keys.isNew) return [`  export GATEWAY_API_KEY=${keys.apiKey}`];
  return [`  export GATEWAY_API_KEY=$(cat ${keyFile(dataFolder, 'api')})`];
}

/** A token without a data folder exists nowhere else, so the welcome shows it. */
function publisherText({ keys, dataFolder }: Started): string {
  if (dataFolder !== undefined) {
    return ` Publishers to mesh.ingress send the token in ${keyFile(dataFolder, 'publisher')}.`;
  }
  return keys === undefined ? '' : ` Publishers to mesh.ingress send the token ${keys.publisherToken}.`;
}

function toolsText({ tools }: Started): string {
  return tools
    .map(({ location, count, refused }) => {
      const accepted =
        location === undefined
          ? `${count} demo tools`
          : `${count === 0 ? 'NO TOOL' : count} from ${location}`;
      return refused === 0 ? accepted : `${accepted} (${refused} refused)`;
    })
    .join(', ');
}

function dataText({ dataFolder, database }: Started): string {
  if (dataFolder === undefined) return 'Nothing is kept: calls, tools and limits end with this start.';
  if (database === 'running stack')
    return 'Calls, tools and limits are kept in the background stack, until `npm run stack -- down`.';
  if (database === 'environment') return 'Calls, tools and limits are kept in the database of DATABASE_URL.';
  return `Calls, tools and limits are kept in ${dataFolder}, for the next start.`;
}
