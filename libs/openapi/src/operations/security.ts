import type { SecurityDefinition } from '@action-mesh/tools';

import type { OpenApiDocument } from '../document/openapi-document.js';
import type { Findings } from '../finding.js';
import { isJsonObject, listAt, member, objectAt, stringAt } from '../json-object.js';
import type { CredentialMember } from '../request/credentials.js';
import type { Operation } from './operation.js';

const longestScheme = 100;

/**
 * The credentials that the provider requires: the operation's own requirement, else the document's. Without either,
 * all credentials among the operation's members together. The alternative without a credential is dropped if others
 * exist, because the mesh calls for a user.
 */
export function securityOf(
  document: OpenApiDocument,
  operation: Operation,
  credentials: readonly CredentialMember[],
  findings: Findings,
): SecurityDefinition[][] {
  const declared = declaredSecurity(document, operation, findings);
  if (declared.length > 0 || credentials.length === 0) return declared;
  const names = [...new Set(credentials.map(({ name }) => name.slice(0, longestScheme)))];
  return [
    names.map((name) => ({
      scheme: name,
      kind: name.toLowerCase() === 'authorization' ? 'other' : 'api_key',
    })),
  ];
}

function declaredSecurity(
  document: OpenApiDocument,
  { source, pointer }: Operation,
  findings: Findings,
): SecurityDefinition[][] {
  const holder = member(source, 'security') === undefined ? document.root : source;
  const schemes = objectAt(objectAt(document.root, 'components'), 'securitySchemes');
  return listAt(holder, 'security').flatMap((alternative) => {
    if (!isJsonObject(alternative)) return [];
    const requirements = Object.entries(alternative).map(([name, scopes]): SecurityDefinition => {
      const followed = document.follow(member(schemes, name), '');
      const scheme = followed.ok ? followed.value : undefined;
      if (scheme === undefined)
        findings.warn(
          'security_undeclared',
          pointer,
          'asks for a security scheme that the document does not declare',
        );
      const texts = Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : [];
      return {
        scheme: name,
        kind: kindOf(scheme),
        ...(texts.length === 0 ? {} : { scopes: [...new Set(texts)] }),
      };
    });
    return requirements.length === 0 ? [] : [requirements];
  });
}

function kindOf(scheme: unknown): SecurityDefinition['kind'] {
  switch (stringAt(scheme, 'type')) {
    case 'oauth2':
    case 'openIdConnect':
      return 'oauth2';
    case 'apiKey':
      return 'api_key';
    case 'http': {
      const name = stringAt(scheme, 'scheme')?.toLowerCase();
      return name === 'bearer' || name === 'basic' ? name : 'other';
    }
    default:
      return 'other';
  }
}
