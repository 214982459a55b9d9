import type { ProviderView } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';
import type { ProviderDefinition } from '@action-mesh/providers';

/** A provider of the registry for administrators. */
export function providerView({
  id,
  name,
  auth,
  hosts,
  scopes = [],
  settings = [],
  sources,
}: ProviderDefinition): ProviderView {
  return {
    provider: id,
    name,
    kind: auth.kind === 'discovered' ? 'oauth2' : auth.kind,
    hosts: [...hosts],
    scopes: [...scopes],
    settings: settings.map(({ name: setting, label, example, default: usual }) => ({
      name: setting,
      label,
      required: usual === undefined,
      ...defined({ example }),
    })),
    fields: fieldsOf(auth),
    sources: sources.map(({ url, checked }) => ({ url, checked })),
  };
}

function fieldsOf(auth: ProviderDefinition['auth']): ProviderView['fields'] {
  if (auth.kind === 'fields') return auth.fields.map(({ name, label, secret }) => ({ name, label, secret }));
  if (auth.kind !== 'client_credentials') return [];
  return [
    { name: 'client-id', label: 'Client id', secret: false },
    { name: 'client-secret', label: 'Client secret', secret: true },
  ];
}
