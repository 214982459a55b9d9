import { randomUUID } from 'node:crypto';

import { TokenLeased, TokenRequested } from '@action-mesh/contracts/auth-broker';
import { childSpan, type Clock, type TraceContext } from '@action-mesh/kernel';
import {
  decodeEvent,
  encodeEvent,
  KafkaProducer,
  TopicFollower,
  type EncodeOptions,
  type IncomingRecord,
  type KafkaClientOptions,
} from '@action-mesh/messaging';
import { exportJWK, generateKeyPair, type CryptoKey } from 'jose';

import { leaseRequestId, openLease, type LeaseAnswer, type LeaseFault } from '../token-lease.js';
import { publicKeyOf, purposeKey, signTokenRequest, subjectOf, type TokenRequest } from '../token-request.js';
import type { TokenExchange, TokenQuestion } from './token-exchange.port.js';

export interface KafkaTokenExchangeOptions {
  readonly client: KafkaClientOptions;
  /** `MESH_SERVICE_KEY` */
  readonly serviceKey: string;
  /** The CloudEvents source of requests: `/services/executor`. */
  readonly source: string;
  readonly clock: Clock;
  /**
   * Gets the fault of each lease to this process that has no use, and of each record that is no lease. Never with its
   * content.
   */
  readonly onFault: (fault: LeaseFault | 'unrequested' | 'undecodable') => void;
  /** Called with each error of sending a request, for the call that waits for it. */
  readonly onError: (error: unknown, callId: string, trace: TraceContext | undefined) => void;
  /** Milliseconds until an answer is given up. A broker may refresh the credential first. @default 15000 */
  readonly answerMs?: number;
}

interface Pending {
  readonly request: TokenRequest;
  readonly resolve: (answer: LeaseAnswer | undefined) => void;
}

/**
 * Asks brokers over Kafka, with a key that exists in this process alone.
 *
 * - TX1: a lease serves one request, once, and only if all its content fits that request.
 * - TX2: a lease that does not fit leaves its request waiting: a stranger on the topic cannot end it.
 */
export class KafkaTokenExchange implements TokenExchange, AsyncDisposable {
  /** The id of this process as a recipient. */
  readonly recipient = randomUUID();
  readonly #options: KafkaTokenExchangeOptions;
  readonly #privateKey: CryptoKey;
  readonly #key: TokenRequest['key'];
  readonly #keys: { readonly request: Uint8Array; readonly lease: Uint8Array };
  readonly #producer: KafkaProducer;
  readonly #follower: TopicFollower;
  readonly #pending = new Map<string, Pending>();
  readonly #joined: Promise<void>;
  readonly #ownKey = Buffer.from(this.recipient);

  private constructor(options: KafkaTokenExchangeOptions, privateKey: CryptoKey, key: TokenRequest['key']) {
    this.#options = options;
    this.#privateKey = privateKey;
    this.#key = key;
    const { client, serviceKey } = options;
    this.#keys = {
      request: purposeKey(serviceKey, 'token-request'),
      lease: purposeKey(serviceKey, 'token-lease'),
    };
    this.#producer = new KafkaProducer({
      client,
      topics: [TokenRequested.topic],
      deliveryTimeoutMs: options.answerMs ?? 15_000,
    });
    this.#follower = new TopicFollower({
      client,
      topic: TokenLeased.topic,
      onRecord: (record) => this.#take(record),
      onError: () => options.onFault('undecodable'),
    });
    this.#joined = this.#follower.start();
  }

  /** Makes the key of this process and follows the topic of leases. */
  static async open(options: KafkaTokenExchangeOptions): Promise<KafkaTokenExchange> {
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'X25519' });
    return new KafkaTokenExchange(options, privateKey, publicKeyOf(await exportJWK(publicKey)));
  }

  async ask(question: TokenQuestion, trace?: TraceContext): Promise<LeaseAnswer | undefined> {
    const { clock, source, onError, answerMs = 15_000 } = this.#options;
    const request: TokenRequest = {
      ...question,
      id: randomUUID(),
      recipient: this.recipient,
      key: this.#key,
    };
    const answer = new Promise<LeaseAnswer | undefined>((resolve) => {
      const timer = setTimeout(() => pending.resolve(undefined), answerMs).unref();
      const pending: Pending = {
        request,
        resolve: (given) => {
          clearTimeout(timer);
          this.#pending.delete(request.id);
          resolve(given);
        },
      };
      this.#pending.set(request.id, pending);
    });
    try {
      // An answer before that would be missed.
      await Promise.race([this.#joined, answer]);
      const signed = await signTokenRequest(request, this.#keys.request, clock.now());
      const event = { subject: subjectOf(request), request: signed };
      await this.#producer.send(encodeEvent(TokenRequested, event, { source, ...this.#sent(trace) }));
    } catch (error) {
      onError(error, question.call_id, trace);
      this.#pending.get(request.id)?.resolve(undefined);
    }
    return answer;
  }

  /** The span of the send, below the span that waits. */
  #sent(trace: TraceContext | undefined): Pick<EncodeOptions, 'trace' | 'parentSpanId'> {
    if (trace === undefined) return {};
    const isTraced = this.#options.client.spans?.isOn === true;
    return isTraced ? { trace: childSpan(trace), parentSpanId: trace.spanId } : { trace };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { resolve } of [...this.#pending.values()]) resolve(undefined);
    await Promise.all([this.#follower.close(), this.#producer.close()]);
  }

  /** Most records are for other processes, so a comparison of the key comes before any decoding. */
  #take(record: IncomingRecord): boolean {
    if (record.key?.equals(this.#ownKey) !== true) return false;
    const { lease } = decodeEvent(TokenLeased, record).data;
    const pending = this.#pending.get(leaseRequestId(lease) ?? '');
    if (pending === undefined) {
      this.#options.onFault('unrequested');
      return false;
    }
    void this.#open(lease, pending);
    return true;
  }

  async #open(lease: string, { request, resolve }: Pending): Promise<void> {
    const { clock, onFault } = this.#options;
    const opened = await openLease(lease, {
      request,
      privateKey: this.#privateKey,
      key: this.#keys.lease,
      nowMs: clock.now(),
    });
    if (typeof opened === 'string') onFault(opened);
    else resolve(opened);
  }
}
