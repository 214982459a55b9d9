import { randomBytes, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';

import { TokenLeased, TokenRequested } from '@action-mesh/contracts/auth-broker';
import {
  openLease,
  publicKeyOf,
  purposeKey,
  signTokenRequest,
  type LeaseAnswer,
  type TokenRequest,
} from '@action-mesh/connections';
import { newId } from '@action-mesh/kernel';
import {
  decodeEvent,
  encodeEvent,
  KafkaProducer,
  TopicFollower,
  type KafkaClientOptions,
} from '@action-mesh/messaging';
import { OpenResources } from '@action-mesh/platform';
import { exportJWK, generateKeyPair, type CryptoKey } from 'jose';

/** Milliseconds until a request without an answer is sent again, as an executor does. */
const askAgainMs = 15_000;

/** The credential that a caller wants. */
export type WantedCredential = Pick<TokenRequest, 'tenant_id' | 'user_id' | 'integration'>;

/** Asks the brokers for credentials, like many executors at once: no two of its requests are made one. */
export class TokenCaller implements AsyncDisposable {
  readonly #open: OpenResources;
  readonly #producer: KafkaProducer;
  readonly #privateKey: CryptoKey;
  readonly #publicKey: TokenRequest['key'];
  readonly #serviceKey: string;
  /** The requests under way. Each has a recipient of its own, as if each came from another executor. */
  readonly #waiting = new Map<string, (lease: string) => void>();

  private constructor(
    open: OpenResources,
    parts: {
      readonly producer: KafkaProducer;
      readonly privateKey: CryptoKey;
      readonly publicKey: TokenRequest['key'];
      readonly serviceKey: string;
    },
  ) {
    this.#open = open;
    this.#producer = parts.producer;
    this.#privateKey = parts.privateKey;
    this.#publicKey = parts.publicKey;
    this.#serviceKey = parts.serviceKey;
  }

  static async start(client: KafkaClientOptions, serviceKey: string): Promise<TokenCaller> {
    const open = new OpenResources();
    const producer = open.add(new KafkaProducer({ client, topics: [TokenRequested.topic] }), (used) =>
      used.close(),
    );
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'X25519' });
    const caller = new TokenCaller(open, {
      producer,
      privateKey,
      publicKey: publicKeyOf(await exportJWK(publicKey)),
      serviceKey,
    });
    const follower = open.use(
      new TopicFollower({
        client,
        topic: TokenLeased.topic,
        onRecord: (record) => {
          const { recipient, lease } = decodeEvent(TokenLeased, record).data;
          caller.#waiting.get(recipient)?.(lease);
        },
      }),
    );
    await Promise.all([follower.start(), producer.connect()]);
    return caller;
  }

  /** Resolves with the answer of a broker. Rejects when none comes before the signal aborts. */
  async ask(wanted: WantedCredential, signal: AbortSignal): Promise<LeaseAnswer> {
    // Each caller listens.
    setMaxListeners(0, signal);
    for (;;) {
      signal.throwIfAborted();
      const request: TokenRequest = {
        ...wanted,
        id: randomUUID(),
        recipient: randomUUID(),
        key: this.#publicKey,
        call_id: newId(),
      };
      const answer = this.#answerTo(request, signal);
      await this.#send(request);
      const found = await answer;
      if (found === undefined) continue;
      if (!('refusal' in found) || found.refusal.code !== 'unavailable') return found;
      await new Promise((resolve) =>
        setTimeout(resolve, Math.min(found.refusal.retry_after_ms ?? 1_000, 5_000)),
      );
    }
  }

  async #send(request: TokenRequest): Promise<void> {
    const signed = await signTokenRequest(request, purposeKey(this.#serviceKey, 'token-request'), Date.now());
    // A random key spreads the requests for one connection over all brokers, which is the race.
    const subject = randomBytes(32).toString('hex');
    await this.#producer.sendAll([
      encodeEvent(TokenRequested, { subject, request: signed }, { source: '/chaos' }),
    ]);
  }

  #answerTo(request: TokenRequest, signal: AbortSignal): Promise<LeaseAnswer | undefined> {
    const key = purposeKey(this.#serviceKey, 'token-lease');
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(request.recipient);
      };
      const take = (lease: string): void => {
        void openLease(lease, { request, privateKey: this.#privateKey, key, nowMs: Date.now() }).then(
          (opened) => {
            end();
            if (typeof opened === 'string') reject(new Error(`the lease is ${opened}`));
            else resolve(opened);
          },
        );
      };
      const timer = setTimeout(() => {
        end();
        resolve(undefined);
      }, askAgainMs);
      signal.addEventListener(
        'abort',
        () => {
          end();
          reject(new Error('no broker answered in time'));
        },
        { once: true },
      );
      this.#waiting.set(request.recipient, take);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#open.close();
  }
}
