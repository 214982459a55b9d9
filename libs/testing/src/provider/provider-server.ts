import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { defined } from '@action-mesh/kernel';

import { Behaviours } from './behaviours.js';
import type { EndpointKind, SimulatedFault } from './behaviours.js';
import { EffectLedger } from './effect-ledger.js';
import { Endpoints } from './endpoints.js';
import type { Reply } from './endpoints.js';
import { KeyStore } from './key-store.js';
import { answerControl, controlPrefix } from './oracle-control.js';
import type { EffectOutcome, RecordedRequest, SimulatorOptions } from './oracle.js';
import { ReceivedRequest } from './received-request.js';
import { tokenAccountOf } from './token-account.js';

const dayMs = 24 * 60 * 60 * 1000;

interface Verdict {
  readonly effect: EffectOutcome;
  readonly reply: Reply;
  /** The idempotency key that becomes free for repeats once the answer has left. */
  readonly inFlight?: string;
}

/**
 * A simulated third-party API that records its own effects.
 *
 * - PS1: every request is recorded before a byte of its answer, or of the fault in its place, leaves.
 * - PS2: only this server decides the effect of a request. The effect never depends on the client's view.
 */
export class ProviderServer {
  readonly #server: Server;
  readonly #ledger: EffectLedger;
  readonly #behaviours = new Behaviours();
  readonly #endpoints = new Endpoints();
  readonly #keys = new KeyStore();
  readonly #connections = new WeakMap<Socket, number>();
  #connectionCount = 0;

  readonly #options: SimulatorOptions;

  constructor(options: SimulatorOptions) {
    this.#options = options;

    this.#ledger = new EffectLedger({
      compact: options.compact ?? false,
      maxRequests: options.maxRequests ?? 200_000,
    });
    this.#server = createServer(
      { keepAliveTimeout: options.keepAliveTimeoutMs ?? 65_000, requestTimeout: 0, headersTimeout: 0 },
      (request, response) => this.#read(request, response),
    );
    this.#server.on('connection', (socket) => this.#connections.set(socket, ++this.#connectionCount));
  }

  /** Listens on the loopback interface. Resolves with the base URL. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: '127.0.0.1', port: this.#options.port ?? 0, backlog: 2048 }, () => {
        resolve(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
      });
    });
  }

  #read(message: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('error', () => undefined);
    const body = (): Buffer => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    message.on('end', () => this.#serve(new ReceivedRequest(message, body()), response));
    message.on('close', () => {
      if (!message.complete) this.#record(new ReceivedRequest(message, body()), 'incomplete', 'ok');
    });
  }

  #serve(request: ReceivedRequest, response: ServerResponse): void {
    if (request.pathname.startsWith(controlPrefix)) {
      const reply = answerControl(request, this.#ledger, this.#behaviours, () => this.#reset());
      send(response, reply);
      return;
    }
    const checkUrl = this.#behaviours.checkUrlFor(request);
    if (checkUrl === undefined) {
      this.#handle(request, response);
      return;
    }
    void tokenAccountOf(request.header('authorization'), checkUrl).then((account) => {
      if (account !== undefined) this.#handle(request, response, account);
      else {
        this.#record(request, 'refused', 'status');
        send(response, { status: 401, body: { error: 'invalid_token' } });
      }
    });
  }

  #handle(request: ReceivedRequest, response: ServerResponse, account?: string): void {
    const now = performance.now();
    const kind = this.#behaviours.kindFor(request, this.#endpoints.kindOf(request));
    const fault = this.#behaviours.faultFor(request, this.#ledger.requestsOf(request.key), now);
    const verdict = this.#decide(request, kind, fault, now);
    this.#record(request, verdict.effect, fault.mode, account);
    const answered = (): void => {
      if (verdict.inFlight !== undefined) this.#keys.finish(verdict.inFlight);
    };
    answer(response, fault, verdict.reply, answered);
  }

  #decide(request: ReceivedRequest, kind: EndpointKind, fault: SimulatedFault, now: number): Verdict {
    const isWrite = !['GET', 'HEAD', 'OPTIONS'].includes(request.method) && kind.mode !== 'read';
    if (!isWrite) return { effect: 'none', reply: this.#endpoints.read(request, kind, now) };
    if (!takesEffect(fault)) return { effect: 'refused', reply: { status: 200, body: {} } };
    if (request.method === 'PUT' || request.method === 'DELETE') {
      const identity = `${request.key} ${request.method} ${request.path} ${request.bodyDigest}`;
      return {
        effect: this.#ledger.admitAbsolute(identity),
        reply: this.#endpoints.write(request, kind, now),
      };
    }
    const key = request.header('idempotency-key');
    if (kind.mode !== 'keyed' || key === undefined) {
      return { effect: 'new', reply: this.#endpoints.write(request, kind, now) };
    }
    const fingerprint = `${request.method} ${request.path} ${request.bodyDigest}`;
    const known = this.#keys.lookup(key, fingerprint, now);
    switch (known.found) {
      case 'answer':
        return { effect: 'repeat', reply: known.reply };
      case 'in-flight':
        return { effect: 'refused', reply: { status: 409, body: { error: 'idempotency_key_in_use' } } };
      case 'other-request':
        return { effect: 'refused', reply: { status: 422, body: { error: 'idempotency_key_reused' } } };
      case 'nothing': {
        const reply = this.#endpoints.write(request, kind, now);
        this.#keys.begin(key, fingerprint, reply, now, kind.ttlMs ?? dayMs);
        return { effect: 'new', reply, inFlight: key };
      }
    }
  }

  #record(
    request: ReceivedRequest,
    effect: EffectOutcome,
    mode: SimulatedFault['mode'],
    account?: string,
  ): void {
    const atMs = performance.now();
    this.#ledger.record(request.key, effect, (seq): RecordedRequest => {
      const callId = request.header('x-mesh-call-id');
      const idempotencyKey = request.header('idempotency-key');
      const traceparent = request.header('traceparent');
      const authorization = request.header('authorization');
      return {
        seq,
        atMs,
        connection: this.#connections.get(request.message.socket) ?? 0,
        method: request.method,
        path: request.path,
        key: request.key,
        ...defined({ callId, idempotencyKey, traceparent, account }),
        ...(authorization === undefined ? {} : { authorizationDigest: hash('sha256', authorization) }),
        bodyDigest: request.bodyDigest,
        bodyBytes: request.bytes.length,
        ...defined({ body: request.json }),
        effect,
        mode,
      };
    });
  }

  #reset(): void {
    this.#ledger.clear();
    this.#behaviours.clear();
    this.#endpoints.clear();
    this.#keys.clear();
  }
}

function takesEffect(fault: SimulatedFault): boolean {
  switch (fault.mode) {
    case 'status':
      return fault.effect ?? fault.status < 300;
    case 'close-before-response':
    case 'close-mid-body':
    case 'hang':
      return fault.effect ?? true;
    default:
      return true;
  }
}

function answer(response: ServerResponse, fault: SimulatedFault, reply: Reply, answered: () => void): void {
  if (fault.mode === 'delay') {
    const timer = setTimeout(() => {
      answered();
      send(response, reply);
    }, fault.ms);
    response.once('close', () => {
      clearTimeout(timer);
      // The provider finishes its work although the client has gone.
      answered();
    });
    return;
  }
  answered();
  switch (fault.mode) {
    case 'status':
      {
        const { status, headers, text, body = statusBody(status) } = fault;
        send(response, { status, body }, headers, text);
      }
      return;
    case 'error-after-effect':
      send(response, { status: fault.status ?? 500, body: { error: 'internal_error' } });
      return;
    case 'close-before-response':
      drop(response, fault.reset);
      return;
    case 'close-mid-body': {
      const text = JSON.stringify(reply.body);
      response.writeHead(reply.status, {
        'content-type': 'application/json',
        'content-length': text.length + 64,
      });
      response.write(text.slice(0, Math.ceil(text.length / 2)), () => drop(response, fault.reset));
      return;
    }
    case 'hang':
      return;
    default:
      send(response, reply);
  }
}

function statusBody(status: number): unknown {
  return status < 400 ? { ok: true } : { error: `status_${status}` };
}

function drop(response: ServerResponse, reset = false): void {
  const { socket } = response;
  if (socket === null) return;
  if (reset) socket.resetAndDestroy();
  else socket.destroy();
}

function send(
  response: ServerResponse,
  reply: Reply,
  headers?: Readonly<Record<string, string>>,
  text = JSON.stringify(reply.body),
): void {
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
