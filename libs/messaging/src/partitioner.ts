const seed = 0x9747b28c;
const M = 0x5bd1e995;

/** The 32-bit murmur2 hash of Kafka's own clients, as a signed integer. */
export function murmur2(data: Uint8Array): number {
  const { length } = data;
  let hash = seed ^ length;
  const words = length >> 2;
  for (let word = 0; word < words; word += 1) {
    const at = word * 4;
    let k =
      byte(data, at) | (byte(data, at + 1) << 8) | (byte(data, at + 2) << 16) | (byte(data, at + 3) << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    k = Math.imul(k, M);
    hash = Math.imul(hash, M) ^ k;
  }
  const rest = words * 4;
  const left = length - rest;
  if (left >= 3) hash ^= byte(data, rest + 2) << 16;
  if (left >= 2) hash ^= byte(data, rest + 1) << 8;
  if (left >= 1) hash = Math.imul(hash ^ byte(data, rest), M);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ (hash >>> 15);
}

/** The partition that Kafka's own clients choose for a key. Producers in all languages agree on it. */
export function partitionForKey(key: string | Uint8Array, partitionCount: number): number {
  return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitionCount;
}

function byte(data: Uint8Array, index: number): number {
  return data[index] ?? 0;
}
