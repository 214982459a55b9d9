import { ConnectionFailedError, RequestTimeoutError } from '../mesh.errors.js';
import type { MeshOutcome } from '../outcome.js';
import type { BorrowedConsumer, BorrowedHandler, BorrowedKafka, BorrowedProducer } from './borrowed-kafka.js';
import { MeshOverKafka } from './mesh-over-kafka.js';

type Listener = Parameters<BorrowedConsumer['on']>[1];

/** A broker in memory. A test decides what its connections do. */
class FakeKafka implements BorrowedKafka {
  readonly open = new Set<object>();
  readonly published: string[] = [];
  handler: BorrowedHandler = () => Promise.resolve();
  /** Ends the newest consumer. */
  crash: (error: Error) => void = () => undefined;
  onConnect = (): Promise<void> => Promise.resolve();
  onSend = (): Promise<void> => Promise.resolve();
  onRun = (emit: (event: string, payload?: object) => void): void => emit('join');

  producer(): BorrowedProducer {
    return {
      ...this.#connection(),
      send: async ({ messages: [message] }) => {
        this.published.push(message?.key ?? '');
        await this.onSend();
      },
    };
  }

  consumer(): BorrowedConsumer {
    const listeners: [string, Listener][] = [];
    this.crash = (error) => {
      for (const [event, listener] of listeners)
        if (event === 'crash') listener({ payload: { error, restart: false } });
    };
    return {
      ...this.#connection(),
      events: { GROUP_JOIN: 'join', CRASH: 'crash' },
      on: (event, listener) => listeners.push([event, listener]),
      subscribe: () => Promise.resolve(),
      seek: () => undefined,
      run: ({ eachMessage }) => {
        this.handler = eachMessage;
        this.onRun((emitted, payload = {}) => {
          for (const [event, listener] of listeners) if (event === emitted) listener({ payload });
        });
        return Promise.resolve();
      },
    };
  }

  admin() {
    return { ...this.#connection(), fetchTopicOffsets: () => Promise.resolve([]) };
  }

  /** Delivers an outcome as Kafka does. */
  deliver(outcome: Partial<MeshOutcome>): Promise<void> {
    const [key, value] = [outcome.call_id ?? '', JSON.stringify(outcome)];
    return this.handler({ message: { key, value } });
  }

  #connection(): Pick<BorrowedProducer, 'connect' | 'disconnect'> {
    const connection = {};
    return {
      connect: async () => {
        await this.onConnect();
        this.open.add(connection);
      },
      disconnect: () => {
        this.open.delete(connection);
        return Promise.resolve();
      },
    };
  }
}

const meshOf = (kafka: FakeKafka): MeshOverKafka => new MeshOverKafka({ kafka, publisherToken: 't' });
const publish = (mesh: MeshOverKafka): Promise<string> => mesh.publish('post_message', {}, { userId: 'ada' });
const execute = (mesh: MeshOverKafka, waitMs = 10_000): Promise<MeshOutcome> =>
  mesh.execute('post_message', {}, { userId: 'ada', waitMs });
const succeeded = (callId: string, seq = 1): Partial<MeshOutcome> => ({
  tenant_id: 'acme',
  call_id: callId,
  seq,
  status: 'succeeded',
});
/** Lets all that is ready run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a follower of outcomes', () => {
  it('gets an outcome again whose handler failed, and no handled one (KN1)', async () => {
    const kafka = new FakeKafka();
    const handled: string[] = [];
    let failures = 1;
    await meshOf(kafka).followOutcomes({
      groupId: 'g',
      onRecord: ({ call_id: callId }) => {
        if (failures-- > 0) throw new Error('the database is away');
        handled.push(callId);
      },
    });
    await expect(kafka.deliver(succeeded('c1'))).rejects.toThrow('the database is away');
    await kafka.deliver(succeeded('c1'));
    await kafka.deliver(succeeded('c1'));
    expect(handled).toEqual(['c1']);
  });

  it('rejects when its consumer gives up before it has a place in the group', async () => {
    const kafka = new FakeKafka();
    kafka.onRun = (emit) => emit('crash', { restart: false, error: new Error('not authorized') });
    const following = meshOf(kafka).followOutcomes({ groupId: 'g', onRecord: () => undefined });
    await expect(following).rejects.toThrow('not authorized');
    expect(kafka.open.size).toBe(0);
  });
});

describe('a connection that fails', () => {
  it('is tried again by the next call (KL1)', async () => {
    const kafka = new FakeKafka();
    const mesh = meshOf(kafka);
    kafka.onConnect = () => Promise.reject(new Error('no broker'));
    await expect(publish(mesh)).rejects.toThrow('no broker');
    await expect(execute(mesh)).rejects.toThrow('no broker');
    kafka.onConnect = () => Promise.resolve();
    const callId = await publish(mesh);
    expect(kafka.published).toEqual([callId]);
    const executed = execute(mesh);
    await settle();
    await kafka.deliver(succeeded(kafka.published[1] ?? ''));
    expect(await executed).toMatchObject({ status: 'succeeded' });
    await mesh.close();
    expect(kafka.open.size).toBe(0);
  });
});

describe('a consumer that gives up', () => {
  it('is replaced by the next call (KL1)', async () => {
    const kafka = new FakeKafka();
    const mesh = meshOf(kafka);
    await expect(execute(mesh, 10)).rejects.toThrow(RequestTimeoutError);
    const first = kafka.handler;
    kafka.crash(new Error('not authorized any more'));
    const executed = execute(mesh);
    await settle();
    expect(kafka.handler).not.toBe(first);
    await kafka.deliver(succeeded(kafka.published[1] ?? ''));
    expect(await executed).toMatchObject({ status: 'succeeded' });
    await mesh.close();
  });
});

describe('a publication that the broker does not confirm', () => {
  it('is an error with the id of the call', async () => {
    const kafka = new FakeKafka();
    const cause = new Error('timed out');
    kafka.onSend = () => Promise.reject(cause);
    for (const attempt of [publish, execute]) {
      const error = await attempt(meshOf(kafka)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConnectionFailedError);
      expect(error).toMatchObject({ code: 'publication_unconfirmed', callId: kafka.published.at(-1), cause });
    }
  });
});

describe('close', () => {
  it('during a connect leaves no connection open, and no later one opens (KL2)', async () => {
    const kafka = new FakeKafka();
    const mesh = meshOf(kafka);
    let connected = (): void => undefined;
    kafka.onConnect = () => new Promise((resolve) => (connected = resolve));
    const publishing = publish(mesh);
    await settle();
    const closing = mesh.close();
    connected();
    await expect(publishing).rejects.toMatchObject({ code: 'client_closed' });
    await closing;
    await expect(publish(mesh)).rejects.toMatchObject({ code: 'client_closed' });
    expect([kafka.open.size, kafka.published]).toEqual([0, []]);
  });

  it('ends a start that waits for its place in the group', async () => {
    const kafka = new FakeKafka();
    kafka.onRun = () => undefined;
    const mesh = meshOf(kafka);
    const executing = execute(mesh);
    const ended = expect(executing).rejects.toMatchObject({ code: 'client_closed' });
    await settle();
    await mesh.close();
    await ended;
    expect(kafka.open.size).toBe(0);
  });

  it('ends a wait with the id of the call, and says nothing about a failed connect', async () => {
    const kafka = new FakeKafka();
    const mesh = meshOf(kafka);
    const waiting = execute(mesh).catch((thrown: unknown) => thrown);
    await settle();
    await mesh.close();
    expect(await waiting).toMatchObject({ code: 'client_closed', callId: kafka.published[0] });
    const other = meshOf(kafka);
    kafka.onConnect = () => Promise.reject(new Error('no broker'));
    const failed = expect(publish(other)).rejects.toThrow();
    await other.close();
    await failed;
  });
});

it('a wait that is over names the call', async () => {
  const kafka = new FakeKafka();
  const mesh = meshOf(kafka);
  const error = await execute(mesh, 10).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RequestTimeoutError);
  expect(error).toMatchObject({ callId: kafka.published[0] });
  await mesh.close();
});
