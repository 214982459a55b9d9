import { samplePrincipal } from '@action-mesh/identity/testing';
import type { Principal } from '@action-mesh/identity';
import { systemClock } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import type { OutcomeHead } from '../domain/outcome-filter.js';
import { readStreamCursor } from '../domain/stream-cursor.js';
import { FakeOutcomeLog } from './outcome-log.fake.js';
import { FakeOutcomeSink } from './outcome-sink.fake.js';
import { OutcomeStreams, usualStreamLimits, type StreamLimits, type StreamWish } from './outcome-streams.js';

const head = (more: Partial<OutcomeHead> = {}): OutcomeHead => ({
  callId: '019b76da-a800-7000-8000-000000000001',
  tenantId: 'default',
  userId: 'ada',
  tool: 'a_tool',
  status: 'succeeded',
  ...more,
});

const link = { missing: undefined as string | undefined };
const standing = { isHeld: true, switchOn: undefined as { id: string; reason: string } | undefined };
let open: OutcomeStreams[] = [];

afterEach(() => {
  for (const streams of open) streams.close();
  open = [];
  link.missing = undefined;
  Object.assign(standing, { isHeld: true, switchOn: undefined });
});

/** The streams of a gateway that reads the log. Only `forbidden_tool` is invisible. */
function gateway(log: FakeOutcomeLog, limits: Partial<StreamLimits> = {}): OutcomeStreams {
  const streams = new OutcomeStreams(
    {
      log,
      link,
      clock: systemClock,
      visibility: {
        includes: (caller, { userId, tool }) =>
          caller.users?.has(userId) !== false && tool !== 'forbidden_tool',
      },
      standing: { holds: () => standing.isHeld, switchOn: () => standing.switchOn },
    },
    { ...usualStreamLimits, maxStreams: 10, maxStreamsOfTenant: 5, beatMs: 5, ...limits },
  );
  open.push(streams);
  return streams;
}

function reader(
  streams: OutcomeStreams,
  wish: StreamWish = { filter: {} },
  caller: Partial<Principal> = {},
): Promise<FakeOutcomeSink> {
  return streams.open(samplePrincipal(caller), wish, (place) => new FakeOutcomeSink(place));
}

/** Gives the gateway the records that it has not read. */
function read(streams: OutcomeStreams, log: FakeOutcomeLog): void {
  for (const outcome of log.unread()) if (streams.isWatched) streams.take(outcome);
}

const after = (cursor: string): StreamWish => {
  const read = readStreamCursor(cursor);
  if (read === undefined) throw new Error('no cursor');
  return { filter: {}, after: read };
};

describe('a reader of outcomes', () => {
  it('gets the outcomes from now on, each with a cursor', async () => {
    const log = new FakeOutcomeLog();
    const streams = gateway(log);
    log.append(0, head());
    read(streams, log);
    const sink = await reader(streams);
    log.append(0, head());
    log.append(1, head());
    read(streams, log);
    expect(sink.places).toEqual(['0/1', '1/0']);
    expect(new Set(sink.cursors).size).toBe(2);
  });

  it.each<[string, StreamWish['filter'], Partial<OutcomeHead>]>([
    ['user', { userId: 'eve' }, { userId: 'eve' }],
    ['run', { runId: 'run-1' }, { runId: 'run-1' }],
    ['call', { callIds: new Set(['x', 'y']) }, { callId: 'y' }],
    ['tool', { tool: 'b_tool' }, { tool: 'b_tool' }],
    ['status', { statuses: new Set(['dead']) }, { status: 'dead' }],
    ['user and run', { userId: 'eve', runId: 'run-1' }, { userId: 'eve', runId: 'run-1' }],
  ])('chooses by %s', async (_what, filter, wanted) => {
    const log = new FakeOutcomeLog();
    const streams = gateway(log);
    const sink = await reader(streams, { filter });
    log.append(0, head());
    log.append(0, head(wanted));
    log.append(
      0,
      head({ ...wanted, ...(_what === 'user and run' ? { runId: 'other' } : { tenantId: 'other' }) }),
    );
    log.append(0, undefined);
    read(streams, log);
    expect(sink.places).toEqual(['0/1']);
    // The cursor has passed the others too.
    expect(sink.place.cursor()).not.toBe(sink.cursors[0]);
  });

  it('sees nothing of another tenant, of other users and of other tools (OS1)', async () => {
    const log = new FakeOutcomeLog();
    const streams = gateway(log);
    const sinks = [
      await reader(streams, { filter: {} }, { tenantId: 'acme' }),
      await reader(streams, { filter: {} }, { users: new Set(['eve', 'bob']) }),
      await reader(streams, { filter: { callIds: new Set([head().callId]) } }, { users: new Set(['eve']) }),
    ];
    log.append(0, head());
    log.append(0, head({ tool: 'forbidden_tool', userId: 'eve' }));
    log.append(0, head({ tenantId: '-' }));
    read(streams, log);
    expect(sinks.map(({ places }) => places)).toEqual([[], [], []]);
    log.append(0, head({ userId: 'bob' }));
    read(streams, log);
    expect(sinks.map(({ places }) => places)).toEqual([[], ['0/3'], []]);
  });

  it('costs one parse however many readers there are, and none without readers (SR2)', async () => {
    const log = new FakeOutcomeLog();
    const streams = gateway(log);
    const unwatched = log.append(0, head());
    expect(streams.isWatched).toBe(false);
    read(streams, log);
    for (let n = 0; n < 4; n += 1) await reader(streams, { filter: { userId: `user-${n}` } });
    const watched = log.append(0, head());
    read(streams, log);
    expect([unwatched.timesRead, watched.timesRead]).toEqual([0, 1]);
  });

  it('ends when its connection is full, without harm to the others (SR3)', async () => {
    const log = new FakeOutcomeLog();
    const streams = gateway(log);
    const [slow, quick] = [await reader(streams), await reader(streams)];
    slow.isFull = true;
    log.append(0, head());
    read(streams, log);
    expect([slow.ended, slow.sent.length]).toEqual(['too_slow', 0]);
    expect([quick.ended, quick.sent.length]).toEqual([undefined, 1]);
    expect(streams.size).toBe(1);
  });

  it('that throws ends alone', async () => {
    const log = new FakeOutcomeLog();
    const streams = gateway(log);
    const [broken, whole] = [await reader(streams), await reader(streams)];
    broken.send = () => {
      throw new Error('broken');
    };
    log.append(0, head());
    read(streams, log);
    expect([broken.ended, whole.sent.length]).toEqual(['mesh_unavailable', 1]);
  });

  it.each<[string, () => void, string]>([
    ['key ends', () => (standing.isHeld = false), 'key_ended'],
    ['key is switched off', () => (standing.switchOn = { id: 's', reason: 'r' }), 'switched_off'],
  ])('ends soon after its %s (SR4)', async (_what, change, reason) => {
    const streams = gateway(new FakeOutcomeLog());
    const sink = await reader(streams);
    await waitFor(() => sink.beats > 2, { what: 'beats' });
    change();
    await waitFor(() => sink.ended !== undefined, { what: 'the end' });
    expect(sink.ended).toBe(reason);
  });

  it('ends with the gateway, which then takes no reader', async () => {
    const streams = gateway(new FakeOutcomeLog());
    const sink = await reader(streams);
    streams.close();
    expect(sink.ended).toBe('gateway_stops');
    await expect(reader(streams)).rejects.toMatchObject({ code: 'GATEWAY_MESH_UNAVAILABLE' });
  });

  it('is refused while the gateway starts, while the log does not answer, and under a kill switch', async () => {
    const log = new FakeOutcomeLog();
    const streams = gateway(log, { maxStreams: 1, maxStreamsOfTenant: 1 });
    link.missing = 'outcomes cannot be read';
    await expect(reader(streams)).rejects.toMatchObject({ code: 'GATEWAY_MESH_UNAVAILABLE' });
    link.missing = undefined;
    log.failure = new Error('no broker');
    await expect(reader(streams)).rejects.toThrow('no broker');
    log.failure = undefined;
    standing.switchOn = { id: 's', reason: 'r' };
    await expect(reader(streams)).rejects.toMatchObject({ code: 'GATEWAY_SWITCHED_OFF' });
    standing.switchOn = undefined;
    // No refusal has used up the one place.
    expect((await reader(streams)).ended).toBeUndefined();
  });

  it('is refused beyond the places of its tenant and of the gateway, until one is free', async () => {
    const streams = gateway(new FakeOutcomeLog(), { maxStreams: 3, maxStreamsOfTenant: 2 });
    const first = await reader(streams);
    await reader(streams);
    await expect(reader(streams)).rejects.toMatchObject({ code: 'GATEWAY_STREAM_LIMIT', limit: 2 });
    await reader(streams, { filter: {} }, { tenantId: 'acme' });
    await expect(reader(streams, { filter: {} }, { tenantId: 'other' })).rejects.toMatchObject({
      code: 'GATEWAY_MESH_UNAVAILABLE',
    });
    first.place.leave();
    first.place.leave();
    await reader(streams);
    await expect(reader(streams)).rejects.toMatchObject({ code: 'GATEWAY_STREAM_LIMIT' });
  });
});

describe('a reader that continues (SR1)', () => {
  it('gets the missed outcomes from memory, without Kafka', async () => {
    const log = new FakeOutcomeLog();
    const streams = gateway(log);
    const before = await reader(streams);
    for (let n = 0; n < 6; n += 1) log.append(n % 2, head());
    read(streams, log);
    before.place.leave();
    const sink = await reader(streams, after(before.cursors[1] ?? ''));
    expect(sink.places).toEqual(before.places.slice(2));
    expect([sink.isJoined, log.replays.length]).toEqual([true, 0]);
  });

  it('gets them from Kafka at another gateway, and then follows', async () => {
    const log = new FakeOutcomeLog();
    const streams = gateway(log);
    const before = await reader(streams);
    for (let n = 0; n < 40; n += 1) log.append(n % 2, head());
    read(streams, log);
    const other = gateway(log);
    const sink = await reader(other, after(before.cursors[4] ?? ''));
    for (let n = 0; n < 10; n += 1) log.append(n % 2, head());
    read(other, log);
    await waitFor(() => sink.isJoined, { what: 'the reader follows' });
    log.append(0, head());
    read(other, log);
    expect([...before.places.slice(0, 5), ...sink.places].sort()).toEqual(
      log.records
        .flat()
        .map(({ partition, offset }) => `${partition}/${offset}`)
        .sort(),
    );
    for (const partition of [0, 1]) {
      const offsets = sink.sent.filter((each) => each.partition === partition).map(({ offset }) => offset);
      expect(offsets).toEqual([...offsets].sort((left, right) => left - right));
    }
    expect(log.replaysNow).toBe(0);
  });

  it('misses and repeats nothing while the log grows, whatever the tape holds', async () => {
    for (let round = 0; round < 30; round += 1) {
      const log = new FakeOutcomeLog(3, 1 + (round % 5));
      for (let n = 0; n < 60; n += 1) log.append(n % 3, head());
      const first = gateway(log);
      const start = await reader(first);
      read(first, log);
      const from = round % 12;
      const streams = gateway(log, { maxRecords: 1 + (round % 7) * 4 });
      // An earlier reader has started the tape, or not.
      if (round % 2 === 0) await reader(streams);
      const sink = await reader(streams, after(start.cursors[from] ?? ''));
      while (!sink.isJoined) {
        if (log.records.flat().length < 200) log.append(round % 3, head());
        read(streams, log);
        await new Promise((resolve) => setImmediate(resolve));
      }
      log.append(1, head());
      read(streams, log);
      expect([...start.places.slice(0, from + 1), ...sink.places].sort()).toEqual(
        log.records
          .flat()
          .map(({ partition, offset }) => `${partition}/${offset}`)
          .sort(),
      );
      first.close();
      streams.close();
    }
  });

  it('gets nothing twice from a gateway that has read less than the earlier one', async () => {
    const log = new FakeOutcomeLog();
    const first = gateway(log);
    const before = await reader(first);
    for (let n = 0; n < 8; n += 1) log.append(n % 2, head());
    read(first, log);
    log.read.fill(2);
    const late = gateway(log);
    const sink = await reader(late, after(before.cursors.at(-1) ?? ''));
    await waitFor(() => log.replays.length === 0 || sink.isJoined, { what: 'the reader is there' });
    log.append(0, head());
    read(late, log);
    expect(sink.places).toEqual(['0/4']);
    expect(sink.isJoined).toBe(true);
    log.append(1, head());
    read(late, log);
    expect(sink.places).toEqual(['0/4', '1/4']);
  });

  it('shares one replay with others that are a little behind (CU1)', async () => {
    const log = new FakeOutcomeLog();
    const first = gateway(log);
    const before = await reader(first);
    for (let n = 0; n < 30; n += 1) log.append(n % 2, head());
    read(first, log);
    const streams = gateway(log);
    let go: () => void = () => undefined;
    const blocked = new Promise<void>((resolve) => (go = resolve));
    log.beforeBatch = () => blocked;
    const sinks: FakeOutcomeSink[] = [];
    for (const from of [1, 5, 9, 20]) sinks.push(await reader(streams, after(before.cursors[from] ?? '')));
    go();
    await waitFor(() => sinks.every(({ isJoined }) => isJoined), { what: 'all follow' });
    expect(sinks.map(({ sent }) => sent.length)).toEqual([28, 24, 20, 9]);
    expect([log.replays.length, log.mostReplays]).toEqual([2, 1]);
  });

  it('far behind has a replay of its own, two at a time, and makes way after a while (CU1, CU2)', async () => {
    const log = new FakeOutcomeLog(1, 1);
    const first = gateway(log);
    const before = await reader(first);
    for (let n = 0; n < 50; n += 1) log.append(0, head());
    read(first, log);
    const streams = gateway(log, { shortRecords: 0, longestMs: 30 });
    log.beforeBatch = () => new Promise((resolve) => setTimeout(resolve, 4));
    const sinks: FakeOutcomeSink[] = [];
    for (let n = 0; n < 4; n += 1) sinks.push(await reader(streams, after(before.cursors[0] ?? '')));
    await waitFor(() => sinks.every(({ ended }) => ended === 'catch_up_paused'), { what: 'all made way' });
    expect(log.mostReplays).toBe(2);
    // The progress is kept.
    log.beforeBatch = () => undefined;
    const again = await reader(gateway(log), after(sinks[0]?.place.cursor() ?? ''));
    await waitFor(() => again.isJoined, { what: 'the reader follows' });
    expect([...(sinks[0]?.places ?? []), ...again.places]).toEqual(before.places.slice(1));
  });

  it('of another tenant does not wait behind many of one (CU3)', async () => {
    const log = new FakeOutcomeLog(1, 1);
    const first = gateway(log);
    const before = await reader(first);
    for (let n = 0; n < 50; n += 1) log.append(0, head());
    read(first, log);
    const streams = gateway(log, { shortRecords: 0, longestMs: 40 });
    log.beforeBatch = () => new Promise((resolve) => setTimeout(resolve, 4));
    const wish = after(before.cursors[0] ?? '');
    const many: FakeOutcomeSink[] = [];
    for (let n = 0; n < 5; n += 1) many.push(await reader(streams, wish));
    const other = await reader(streams, wish, { tenantId: 'acme' });
    await waitFor(() => other.ended !== undefined, { what: 'the turn of the other tenant' });
    // The two that were running, and at most one beside the other tenant.
    expect(many.filter(({ ended }) => ended !== undefined).length).toBeLessThanOrEqual(3);
  });

  it('waits for its connection, and ends when the connection takes too long', async () => {
    const log = new FakeOutcomeLog();
    const first = gateway(log);
    const before = await reader(first);
    for (let n = 0; n < 30; n += 1) log.append(n % 2, head());
    read(first, log);
    const wish = after(before.cursors[0] ?? '');
    for (const streams of [first, gateway(log)]) {
      const sink = await streams.open(samplePrincipal(), wish, (place) => {
        const made = new FakeOutcomeSink(place);
        made.isFull = true;
        return made;
      });
      await waitFor(() => sink.sent.length > 0, { what: 'the first outcomes' });
      expect(sink.sent.length).toBeLessThan(29);
      sink.makeRoom();
      await waitFor(() => sink.isJoined, { what: 'the reader follows' });
      expect(sink.sent).toHaveLength(29);
    }
    const hasty = gateway(log, { slowMs: 1 });
    const stuck = await hasty.open(samplePrincipal(), wish, (place) => {
      const made = new FakeOutcomeSink(place);
      made.isFull = true;
      return made;
    });
    await waitFor(() => stuck.ended === 'too_slow', { what: 'the end of the slow reader' });
  });

  it('learns of outcomes that the log has dropped, and continues with the oldest', async () => {
    const log = new FakeOutcomeLog();
    const first = gateway(log);
    const before = await reader(first);
    for (let n = 0; n < 20; n += 1) log.append(n % 2, head());
    read(first, log);
    log.starts[0] = 6;
    const sink = await reader(gateway(log), after(before.cursors[1] ?? ''));
    await waitFor(() => sink.isJoined, { what: 'the reader follows' });
    expect(sink.gaps).toEqual([{ kind: 'expired', sinceMs: before.sent[1]?.atMs }]);
    expect(sink.sent).toHaveLength(4 + 9);
  });

  it('with a cursor of another mesh, or from beyond the end, is refused', async () => {
    const log = new FakeOutcomeLog();
    const streams = gateway(log);
    const sink = await reader(streams);
    for (let n = 0; n < 6; n += 1) log.append(n % 2, head());
    read(streams, log);
    const cursor = sink.cursors.at(-1) ?? '';
    const foreign = new FakeOutcomeLog();
    foreign.identity = 'bbbbbbbbbbbb';
    await expect(reader(gateway(foreign), after(cursor))).rejects.toMatchObject({
      refusal: 'cursor_unknown',
    });
    await expect(reader(gateway(new FakeOutcomeLog()), after(cursor))).rejects.toMatchObject({
      refusal: 'cursor_unknown',
    });
    await expect(reader(gateway(new FakeOutcomeLog(1)), after(cursor))).rejects.toMatchObject({
      refusal: 'cursor_unknown',
    });
  });

  it('learns that the log was emptied, even when it has grown again', async () => {
    const log = new FakeOutcomeLog();
    const first = gateway(log);
    const before = await reader(first);
    for (let n = 0; n < 6; n += 1) log.append(n % 2, head());
    read(first, log);
    const emptied = new FakeOutcomeLog();
    for (let n = 0; n < 20; n += 1) emptied.append(n % 2, head(), 2_000_000);
    emptied.read.fill(10);
    const sink = await reader(gateway(emptied), after(before.cursors.at(-1) ?? ''));
    await waitFor(() => sink.isJoined, { what: 'the reader follows' });
    expect(sink.gaps).toMatchObject([{ kind: 'replaced' }]);
    expect(new Set(sink.places).size).toBe(20);
  });

  it('stops the recording a while after the last reader has gone', async () => {
    const log = new FakeOutcomeLog();
    const streams = gateway(log, { lingerMs: 20 });
    (await reader(streams)).place.leave();
    expect(streams.isWatched).toBe(true);
    await waitFor(() => !streams.isWatched, { what: 'the end of the recording' });
    log.append(0, head());
    read(streams, log);
    const sink = await reader(streams);
    log.append(0, head());
    read(streams, log);
    expect(sink.places).toEqual(['0/1']);
  });
});
