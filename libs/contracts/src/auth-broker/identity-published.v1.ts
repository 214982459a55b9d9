import { defineEvent } from '@action-mesh/kernel';

import { topics } from '../topics.js';
import { identitySchema, type Identity } from './identity.js';

/** The key of an identity record: `tenant/acme`, `key/0a1b…`, `switch/<uuid>`. */
export function identityKey({ kind, id }: Pick<Identity, 'kind' | 'id'>): string {
  return `${kind}/${id}`;
}

/** A tenant, a key or a kill switch. A tombstone deletes, revokes or lifts it. */
export const IdentityPublished = defineEvent({
  topic: topics.identity.name,
  type: 'mesh.identity.published',
  version: 1,
  description: 'A tenant, a key by its digest, or a kill switch that is on. A tombstone takes it back.',
  key: identityKey,
  schema: identitySchema,
});
