import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

import { waitFor } from '@action-mesh/testing';

import { FakeLoggedOutcome } from '../../application/outcome-log.fake.js';
import type { LoggedOutcome } from '../../application/outcome-log.port.js';
import { EventStream } from './event-stream.js';

let server: Server;
let socket: Socket;
let text = '';

afterEach(async () => {
  socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** A stream to a client that reads, or that does not. */
async function stream(
  limitBytes: number,
  isReading: boolean,
): Promise<{ stream: EventStream; left: () => number }> {
  let answer: (response: ServerResponse) => void = () => undefined;
  const answered = new Promise<ServerResponse>((resolve) => (answer = resolve));
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  text = '';
  if (isReading) socket.on('data', (data) => (text += data.toString()));
  socket.write('GET / HTTP/1.0\r\n\r\n');
  let left = 0;
  const place = { cursor: () => 'here', leave: () => void (left += 1) };
  return { stream: new EventStream(await answered, place, () => limitBytes), left: () => left };
}

const outcome = (json: string): LoggedOutcome => {
  const made = new FakeLoggedOutcome(0, 0, undefined, 0);
  return Object.assign(made, { json: Buffer.from(json) });
};

describe('a connection with server-sent events', () => {
  it('begins with the pause of reconnections and the cursor of the beginning', async () => {
    await stream(1_000, true);
    await waitFor(() => text.includes('data: {}\n\n'), { what: 'the beginning' });
    expect(text).toContain('content-type: text/event-stream; charset=utf-8\r\n');
    expect(text).toContain('\r\n\r\nretry: 2000\n\nid: here\nevent: progress\ndata: {}\n\n');
  });

  it('sends an outcome byte for byte, and a line break of its JSON as a further line', async () => {
    const { stream: events } = await stream(10_000, true);
    const json = '{"result":{"id":12345678901234567890, "a":"\\n"}}';
    events.send(outcome(json), 'c1');
    events.send(outcome('{\r\n"a":\r1\n}'), 'c2');
    await waitFor(() => text.includes('}\n\nid: c2'), { what: 'the outcomes' });
    expect(text).toContain(`id: c1\nevent: outcome\ndata: ${json}\n\n`);
    expect(text).toContain('id: c2\nevent: outcome\ndata: {\ndata: "a":\ndata: 1\ndata: }\n\n');
  });

  it('says why it ends, and leaves when the client goes', async () => {
    const { stream: events, left } = await stream(10_000, true);
    events.gap({ kind: 'expired', sinceMs: 0 });
    events.end('gateway_stops');
    await waitFor(() => left() > 0, { what: 'the end of the connection' });
    expect(text).toContain('event: gap\ndata: {"detail":');
    expect(text).toContain('"read":"/v1/calls?received_after=1970-01-01T00:00:00.000Z"');
    expect(text).toContain('event: end\ndata: {"code":"gateway_stops"');
  });

  it('is full when its client reads nothing, and has room again when the client reads (ES1)', async () => {
    const { stream: events } = await stream(100_000, false);
    const large = outcome(`"${'x'.repeat(50_000)}"`);
    let sent = 0;
    while (!events.isFull) {
      events.send(large, `c${(sent += 1)}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    let hasRoom = false;
    void events.roomAgain().then(() => (hasRoom = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(hasRoom).toBe(false);
    socket.on('data', (data) => (text += data.toString()));
    await waitFor(() => hasRoom, { what: 'room' });
    await waitFor(() => text.includes(`id: c${sent}\n`), { what: 'the last outcome' });
    expect(events.isFull).toBe(false);
  });

  it('that is too slow is cut, and waits for nothing', async () => {
    const { stream: events, left } = await stream(1, false);
    events.send(outcome(`"${'x'.repeat(5_000_000)}"`), 'c1');
    const room = events.roomAgain();
    events.end('too_slow');
    await room;
    await waitFor(() => left() === 1, { what: 'the end of the connection' });
  });
});
