import { airtable } from './data/airtable.js';
import { apiKeyFields } from './data/api-key-fields.js';
import { apiKeyHeader } from './data/api-key-header.js';
import { apiKeyQuery } from './data/api-key-query.js';
import { asana } from './data/asana.js';
import { atlassian } from './data/atlassian.js';
import { basic } from './data/basic.js';
import { clientCredentials } from './data/client-credentials.js';
import { discord } from './data/discord.js';
import { dropbox } from './data/dropbox.js';
import { githubApp } from './data/github-app.js';
import { github } from './data/github.js';
import { google } from './data/google.js';
import { hubspot } from './data/hubspot.js';
import { intercom } from './data/intercom.js';
import { linear } from './data/linear.js';
import { make } from './data/make.js';
import { microsoft } from './data/microsoft.js';
import { notion } from './data/notion.js';
import { oauth2Manual } from './data/oauth2-manual.js';
import { oauth2 } from './data/oauth2.js';
import { quickbooks } from './data/quickbooks.js';
import { salesforce } from './data/salesforce.js';
import { slackUser } from './data/slack-user.js';
import { slack } from './data/slack.js';
import { stripe } from './data/stripe.js';
import { zoho } from './data/zoho.js';
import { zoom } from './data/zoom.js';
import { providerSchema, type ProviderDefinition } from './provider.js';

const definitions: readonly ProviderDefinition[] = [
  airtable,
  apiKeyFields,
  apiKeyHeader,
  apiKeyQuery,
  asana,
  atlassian,
  basic,
  clientCredentials,
  discord,
  dropbox,
  github,
  githubApp,
  google,
  hubspot,
  intercom,
  linear,
  make,
  microsoft,
  notion,
  oauth2,
  oauth2Manual,
  quickbooks,
  salesforce,
  slack,
  slackUser,
  stripe,
  zoho,
  zoom,
];

/** Every provider that this version knows, by id, in the order of ids. */
export const providers: ReadonlyMap<string, ProviderDefinition> = new Map(
  definitions.map((definition) => [definition.id, checked(definition)]),
);

function checked(definition: ProviderDefinition): ProviderDefinition {
  const read = providerSchema.safeParse(definition);
  if (read.success) return definition;
  throw new Error(
    `The data of the provider ${definition.id} is wrong: ${read.error.issues.map(({ path, message }) => `${path.join('/')} ${message}`).join('; ')}`,
  );
}
