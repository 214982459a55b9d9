import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { KafkaProducer } from '../src/index.js';
import { earlyByMs, makeRungs, startDelayLane, type Rung } from './delay-harness.js';
import { clientOptions, encodeDrawn } from './harness.js';

leakCheck();
jest.setTimeout(120_000);
const client = clientOptions();

async function rungOf(delayMs: number): Promise<Rung> {
  const [rung] = await makeRungs(client, [delayMs], 4);
  if (rung === undefined) throw new Error('there is no rung');
  return rung;
}

const missing = (total: number, seen: ReadonlySet<number>): number[] =>
  Array.from({ length: total }, (_, n) => n).filter((n) => !seen.has(n));

describe('a consumer of delayed records', () => {
  it('is killed: another one hands its records over, none lost, none early (I1, I6)', async () => {
    const rung = await rungOf(4_000);
    const child = spawn(
      process.execPath,
      [
        '--conditions=@action-mesh/source',
        '--import=tsx',
        fileURLToPath(new URL('delaying-process.ts', import.meta.url)),
        client.brokers.join(','),
        rung.event.topic,
        rung.deadLetters,
        String(rung.delayMs),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exited = once(child, 'exit');
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(line));
    await waitFor(() => lines.includes('joined'), { what: 'the child to join', timeoutMs: 30_000 });

    const here = new Map<number, number>();
    await using running = startDelayLane(client, rung, (events) => {
      for (const { data } of events) here.set(data.n, earlyByMs(data, rung.delayMs));
    });
    await waitFor(() => running.lane.status.partitions.length === 2, { what: 'the partitions to be shared' });

    const producer = new KafkaProducer({ client, topics: [rung.event.topic] });
    const total = 3_000;
    for (let n = 0; n < total; n += 50) {
      await producer.sendAll(Array.from({ length: 50 }, (_, i) => encodeDrawn(rung.event, n + i)));
    }
    await waitFor(() => lines.length > 100, { what: 'the child to be in the middle of it' });
    child.kill('SIGKILL');
    await exited;
    const there = new Map(lines.filter((line) => line !== 'joined').map((line) => parse(line)));
    await waitFor(() => missing(total, new Set([...here.keys(), ...there.keys()])).length === 0, {
      what: 'every record to be handed over',
      timeoutMs: 40_000,
    });
    await producer.close();
    expect(there.size).toBeLessThan(total / 2);
    expect(Math.max(...here.values(), ...there.values())).toBeLessThanOrEqual(0);
  });

  it('comes and goes: members take over in turn, none lost, none early (I1, I6, K9)', async () => {
    const rung = await rungOf(2_000);
    const seen = new Set<number>();
    let runs = 0;
    let mostEarlyMs = -Infinity;
    const member = () =>
      startDelayLane(client, rung, (events) => {
        for (const { data } of events) {
          runs += 1;
          seen.add(data.n);
          mostEarlyMs = Math.max(mostEarlyMs, earlyByMs(data, rung.delayMs));
        }
      });
    const producer = new KafkaProducer({ client, topics: [rung.event.topic] });
    let sent = 0;
    const send = async (): Promise<void> => {
      const first = sent;
      sent += 500;
      await producer.sendAll(Array.from({ length: 500 }, (_, i) => encodeDrawn(rung.event, first + i)));
    };

    const first = member();
    await first.lane.joined();
    await send();
    const second = member();
    await waitFor(() => second.lane.status.partitions.length === 2, { what: 'the second to join' });
    await send();
    await first.close();
    await waitFor(() => second.lane.status.partitions.length === 4, { what: 'the second to have all' });
    await send();
    const third = member();
    await waitFor(() => third.lane.status.partitions.length === 2, { what: 'the third to join' });
    await send();
    await waitFor(() => seen.size === sent, { what: 'every record', timeoutMs: 30_000 });
    await Promise.all([second.close(), third.close(), producer.close()]);
    expect(mostEarlyMs).toBeLessThanOrEqual(0);
    expect(runs).toBeLessThan(2 * sent);
  });

  it('is closed while records wait: the next one hands over these, and none of the earlier ones', async () => {
    const rung = await rungOf(1_500);
    const early: number[] = [];
    const handle = (
      events: readonly { readonly data: { readonly n: number; readonly key: string } }[],
    ): void => {
      for (const { data } of events) early.push(earlyByMs(data, rung.delayMs));
    };
    const producer = new KafkaProducer({ client, topics: [rung.event.topic] });
    const first = startDelayLane(client, rung, handle);
    await first.lane.joined();
    await producer.sendAll(Array.from({ length: 100 }, (_, n) => encodeDrawn(rung.event, n)));
    await waitFor(() => early.length === 100, { what: 'the first hundred' });
    await producer.sendAll(Array.from({ length: 100 }, (_, n) => encodeDrawn(rung.event, 100 + n)));
    await waitFor(() => first.lane.status.held === 100, { what: 'the second hundred to be held' });
    await first.close();
    expect(early).toHaveLength(100);
    const second = startDelayLane(client, rung, handle);
    await waitFor(() => early.length >= 200, { what: 'the second hundred' });
    await waitFor(() => second.lane.status.lag === 0, { what: 'nothing to wait' });
    await Promise.all([second.close(), producer.close()]);
    expect(early).toHaveLength(200);
    expect(Math.max(...early)).toBeLessThanOrEqual(0);
  });
});

function parse(line: string): [number, number] {
  const [n, earlyMs] = line.split(' ').map(Number);
  return [n ?? Number.NaN, earlyMs ?? Number.NaN];
}
