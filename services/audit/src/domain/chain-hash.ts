import { createHash } from 'node:crypto';

const genesisTag = 'action-mesh/audit/genesis/v1\n';
const entryTag = 'action-mesh/audit/entry/v1\n';

/** The hash before the first entry of a tenant. It binds the chain to the tenant. */
export function genesisHash(tenantId: string): Buffer {
  return createHash('sha256').update(genesisTag).update(tenantId).digest();
}

/** The hash of an entry: over the tag, its place, the hash of the entry before it, and the exact text of its body. */
export function entryHash(seq: number, previous: Uint8Array, body: string): Buffer {
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(seq));
  return createHash('sha256').update(entryTag).update(place).update(previous).update(body).digest();
}
