import { defined } from '@action-mesh/kernel';
import { fieldProblems, type ProviderDefinition } from '@action-mesh/providers';

import type { AskedField } from './connect-answer.js';

/** The names of the two fields for the client credentials of a user. */
export const clientIdField = 'client-id';
export const clientSecretField = 'client-secret';

/** The fields that a person enters for a provider. Empty: the provider asks for the consent itself. */
export function askedFields(
  { auth }: ProviderDefinition,
  values: Readonly<Record<string, string>> = {},
): readonly AskedField[] {
  const fields = fieldsOf(auth);
  return fields.map((field) => ({
    ...field,
    ...defined({ value: field.secret ? undefined : values[field.name] }),
  }));
}

/** The problems of entered values, for people. They show no value. */
export function enteredProblems(
  provider: ProviderDefinition,
  values: Readonly<Record<string, string>>,
): readonly string[] {
  if (provider.auth.kind === 'fields') return fieldProblems(provider, values);
  return fieldsOf(provider.auth).flatMap(({ name, label }) =>
    values[name] === undefined || values[name] === '' ? [`${label} is missing.`] : [],
  );
}

function fieldsOf(auth: ProviderDefinition['auth']): readonly AskedField[] {
  switch (auth.kind) {
    case 'fields':
      return auth.fields.map(({ name, label, secret, help, optional }) => ({
        name,
        label,
        secret,
        optional: optional === true,
        ...defined({ help }),
      }));
    case 'client_credentials':
      return [
        { name: clientIdField, label: 'Client id', secret: false, optional: false },
        { name: clientSecretField, label: 'Client secret', secret: true, optional: false },
      ];
    default:
      return [];
  }
}
