import { KillSwitches } from '@action-mesh/identity';
import { sampleSwitch } from '@action-mesh/identity/testing';
import { FakeClock } from '@action-mesh/kernel/testing';

import { ReleaseHeldCalls } from './release-held-calls.js';

const on = sampleSwitch({ type: 'user', value: 'u' });
const other = sampleSwitch({ type: 'user', value: 'v' }, { id: '0b7c1c53-3b2a-4c4b-9a51-6f1f3a0c0002' });

function stage(...holding: string[]) {
  const released: (readonly string[])[] = [];
  const switches = new KillSwitches();
  const clock = new FakeClock(0);
  const knowledge = { isInformed: true };
  const release = new ReleaseHeldCalls({
    heldCalls: {
      holdingSwitches: () => Promise.resolve(holding),
      release: (switchIds) => Promise.resolve(released.push(switchIds)),
    },
    switches,
    isInformed: () => knowledge.isInformed,
    clock,
  });
  return { release, released, switches, clock, holding, knowledge };
}

describe('held calls', () => {
  it('stay while their switch is on (KS1)', async () => {
    const { release, released, switches, clock } = stage(on.id);
    switches.put(on);
    for (let look = 0; look < 10; look += 1) {
      await release.execute();
      clock.advance(1_000);
    }
    expect(released).toEqual([]);
  });

  it('are released at once when their switch was seen to be lifted (KS2)', async () => {
    const { release, released, switches } = stage(on.id, other.id);
    switches.put(other);
    release.lifted(on.id);
    expect(await release.execute()).toBe(1);
    expect(released).toEqual([[on.id]]);
  });

  it('of an unknown switch wait a moment: another executor may have learned of it first', async () => {
    const { release, released, clock } = stage(on.id);
    await release.execute();
    clock.advance(749);
    await release.execute();
    expect(released).toEqual([]);
    clock.advance(1);
    await release.execute();
    expect(released).toEqual([[on.id]]);
  });

  it('wait anew when their switch arrives after all', async () => {
    const { release, released, switches, clock } = stage(on.id);
    await release.execute();
    switches.put(on);
    clock.advance(1_000);
    await release.execute();
    switches.remove(on.id);
    await release.execute();
    clock.advance(749);
    await release.execute();
    expect(released).toEqual([]);
  });

  it('of an unknown switch stay while changes of switches do not arrive', async () => {
    const { release, released, clock, knowledge } = stage(on.id);
    knowledge.isInformed = false;
    for (let look = 0; look < 5; look += 1) {
      await release.execute();
      clock.advance(1_000);
    }
    expect(released).toEqual([]);
  });

  it('are not mistaken for former ones: a lifted switch without calls is forgotten', async () => {
    const { release, released, holding } = stage();
    release.lifted(on.id);
    await release.execute();
    holding.push(on.id);
    await release.execute();
    expect(released).toEqual([]);
  });
});
