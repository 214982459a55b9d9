import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { ack, KafkaProducer } from '../src/index.js';
import { clientOptions, drawnEvent, encodeDrawn, makeTopics, startServer } from './harness.js';

leakCheck();
jest.setTimeout(90_000);
const client = clientOptions();

describe('a consumer that is killed', () => {
  it('is replaced within its session timeout, and no record is lost', async () => {
    const topics = await makeTopics(client, 4);
    const event = drawnEvent(topics.topic);
    const child = spawn(
      process.execPath,
      [
        '--conditions=@action-mesh/source',
        '--import=tsx',
        fileURLToPath(new URL('consuming-process.ts', import.meta.url)),
        client.brokers.join(','),
        topics.topic,
        topics.deadLetters,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exited = once(child, 'exit');
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(line));
    await waitFor(() => lines.includes('listening'), { what: 'the child to listen', timeoutMs: 30_000 });

    const here = new Set<number>();
    await using running = await startServer(client, topics, ({ n }) => {
      here.add(n);
      return Promise.resolve(ack);
    });
    await waitFor(() => running.server.state.lanes[0]?.partitions.length === 2, {
      what: 'the partitions to be shared',
    });

    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    const total = 4_000;
    for (let n = 0; n < total; n += 100) {
      await producer.sendAll(Array.from({ length: 100 }, (_, i) => encodeDrawn(event, n + i)));
      if (n === total / 2) {
        await waitFor(() => lines.length > 100, { what: 'the child to be in the middle of it' });
        child.kill('SIGKILL');
      }
    }
    const killedAtMs = performance.now();
    await exited;
    await waitFor(() => running.server.state.lanes[0]?.partitions.length === 4, {
      what: 'the partitions of the dead to be taken over',
      timeoutMs: 30_000,
    });
    const takeoverMs = performance.now() - killedAtMs;
    // The lag is known only after the first fetch from the new partitions.
    const missing = (): number[] => {
      const handled = new Set([...here, ...lines.map(Number)]);
      return Array.from({ length: total }, (_, n) => n).filter((n) => !handled.has(n));
    };
    await waitFor(() => missing().length === 0, { what: 'every record to be handled', timeoutMs: 20_000 });
    await producer.close();
    // The session timeout of 6 s, a heartbeat interval until the others notice, and a margin for slow machines.
    expect(takeoverMs).toBeLessThan(12_000);
  });
});
