import { endpointTraits, providers, refreshTraits, type ProviderDefinition } from '@action-mesh/providers';

import { codeText, markdownTable } from './markdown-table.js';

const kinds: Readonly<Record<ProviderDefinition['auth']['kind'], string>> = {
  oauth2: 'OAuth 2.0',
  discovered: 'OAuth 2.0, endpoints from metadata',
  client_credentials: 'client credentials',
  fields: 'entered by the user',
};

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** Every provider with the life of its tokens, its settings and the sources of its facts; a page of Markdown. */
export function providerTables(): string {
  const all = [...providers.values()];
  const lines = [
    '# Providers',
    '',
    'Generated from the data of `libs/providers` by `npm run generate`; do not edit. How to add one:',
    '[libs/providers](../libs/providers/README.md).',
    '',
    '## Lives of credentials',
    '',
    ...markdownTable(
      [
        'provider',
        'kind',
        'rotation',
        'leeway',
        'a refresh ends the access token',
        'ends without use',
        'ends at the latest',
      ],
      all.map((provider) => {
        const traits = refreshTraits(provider);
        const hasTokens = provider.auth.kind !== 'fields';
        return [
          `${codeText(provider.id)} ${provider.name}`,
          kinds[provider.auth.kind],
          hasTokens ? traits.rotates : '',
          traits.reuseLeewayMs === 0 ? '' : duration(traits.reuseLeewayMs),
          traits.endsAccessToken ? 'yes' : '',
          duration(traits.idleMs),
          duration(traits.absoluteMs),
        ];
      }),
    ),
    '',
    '`sometimes`: the answer to a refresh shows whether the refresh token changed. Leeway: for so long a used refresh token works again. An empty cell means',
    'that the provider says nothing, or that it does not apply.',
    '',
    '## Access',
    '',
    ...markdownTable(
      [
        'provider',
        'hosts that get the credential',
        'settings',
        'scopes of a consent that names none',
        'PKCE',
        'revocation',
      ],
      all.map((provider) => [
        codeText(provider.id),
        provider.hosts.length === 0 ? 'named by the integration' : provider.hosts.map(codeText).join(' '),
        (provider.settings ?? []).map((setting) => settingText(setting)).join(', '),
        (provider.scopes ?? []).map(codeText).join(' '),
        pkceText(provider),
        provider.auth.kind === 'oauth2' && provider.auth.revocation !== undefined ? 'yes' : '',
      ]),
    ),
    '',
    'A setting in bold must be given.',
    '',
    '## Sources',
    '',
    ...markdownTable(
      ['provider', 'fact', 'source', 'read on'],
      all.flatMap(({ id, sources }) =>
        sources.map(({ fact, url, checked }) => [codeText(id), fact, `<${url}>`, checked]),
      ),
    ),
    '',
  ];
  return lines.join('\n');
}

function settingText({ name, default: usual }: NonNullable<ProviderDefinition['settings']>[number]): string {
  return usual === undefined ? `**${codeText(name)}**` : codeText(name);
}

function pkceText(provider: ProviderDefinition): string {
  if (provider.auth.kind === 'discovered') return 'yes';
  if (provider.auth.kind !== 'oauth2') return '';
  const settings = Object.fromEntries(
    (provider.settings ?? []).map(({ name, example = '' }) => [name, example]),
  );
  const isChoice = provider.auth.pkce?.startsWith('{') === true;
  if (isChoice) return 'by a setting';
  return endpointTraits(provider, settings)?.pkce === true ? 'yes' : 'no';
}

/** A length of time in the largest unit that leaves no rest. Empty for none. */
function duration(ms: number | undefined): string {
  if (ms === undefined) return '';
  const [unit, length] = units.find(([, each]) => ms % each === 0) ?? ['ms', 1];
  return `${ms / length} ${unit}`;
}
