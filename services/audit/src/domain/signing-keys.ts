import {
  createHash,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';

/** The fixed head of an Ed25519 key in PKCS #8, before its 32 bytes. */
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex');
/** The fixed head of an Ed25519 key in SubjectPublicKeyInfo. */
const publicHead = Buffer.from('302a300506032b6570032100', 'hex');

const keyBytes = 32;

/** A place in the chain of a tenant, which a signature confirms. */
export interface ChainPlace {
  readonly tenantId: string;
  readonly seq: number;
  readonly hash: Uint8Array;
}

/** A fresh signing key as text, for `AUDIT_SIGNING_KEY`. */
export function newSigningKey(): string {
  return randomBytes(keyBytes).toString('base64url');
}

/** The key with which audit signs checkpoints and marks. */
export class ChainSigner {
  readonly #key: KeyObject;
  /** The 32 bytes of the public key in base64url. */
  readonly publicKey: string;

  /** Throws `RangeError` when the text is not 32 bytes in base64 or base64url. */
  constructor(text: string) {
    const seed = readKeyBytes(text);
    this.#key = createPrivateKey({
      key: Buffer.concat([privateHead, seed]),
      format: 'der',
      type: 'pkcs8',
    });
    const exported = createPublicKey(this.#key).export({ format: 'der', type: 'spki' });
    this.publicKey = exported.subarray(publicHead.length).toString('base64url');
  }

  signCheckpoint(place: ChainPlace): Buffer {
    return sign(null, checkpointText(place), this.#key);
  }

  signMark(place: ChainPlace, at: string): Buffer {
    return sign(null, markText(place, at), this.#key);
  }
}

/** The public keys that a verifier trusts: the current one and former ones. */
export class ChainPublicKeys {
  readonly #keys: readonly KeyObject[];

  /** Throws `RangeError` when a text is not 32 bytes in base64 or base64url. */
  constructor(texts: readonly string[]) {
    this.#keys = texts.map((text) =>
      createPublicKey({
        key: Buffer.concat([publicHead, readKeyBytes(text)]),
        format: 'der',
        type: 'spki',
      }),
    );
  }

  isCheckpoint(place: ChainPlace, signature: Uint8Array): boolean {
    return this.#confirms(checkpointText(place), signature);
  }

  isMark(place: ChainPlace, at: string, signature: Uint8Array): boolean {
    return this.#confirms(markText(place, at), signature);
  }

  #confirms(text: Buffer, signature: Uint8Array): boolean {
    return this.#keys.some((key) => verify(null, text, key, signature));
  }
}

/** A short name of a public key, for people who compare keys. */
export function keyFingerprint(publicKey: string): string {
  return createHash('sha256').update(readKeyBytes(publicKey)).digest('hex').slice(0, 16);
}

function readKeyBytes(text: string): Buffer {
  const bytes = /^[\w+/-]{43}=?$/.test(text.trim()) ? Buffer.from(text.trim(), 'base64url') : undefined;
  if (bytes?.length !== keyBytes) throw new RangeError('must be 32 bytes in base64url');
  return bytes;
}

function checkpointText({ tenantId, seq, hash }: ChainPlace): Buffer {
  return Buffer.from(
    `action-mesh/audit/checkpoint/v1\n${tenantId}\n${seq}\n${Buffer.from(hash).toString('hex')}`,
  );
}

function markText({ tenantId, seq, hash }: ChainPlace, at: string): Buffer {
  return Buffer.from(
    `action-mesh/audit/pruned/v1\n${tenantId}\n${seq}\n${Buffer.from(hash).toString('hex')}\n${at}`,
  );
}
