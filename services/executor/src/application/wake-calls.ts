import type { FairShare } from './fair-share.js';
import type { ResumeCall } from './resume-call.js';
import type { NamedCall, WaitingRoom, WokenCall } from './waiting-room.port.js';

/** The most that is woken at once; what is left is woken right after. */
const batch = 200;

/** Goes on with calls whose wait is over: those that are due by the clock, and those that the ladder names. */
export class WakeCalls {
  constructor(
    private readonly waitingRoom: WaitingRoom,
    private readonly share: Pick<FairShare, 'free'>,
    private readonly resumeCall: Pick<ResumeCall, 'execute'>,
    /** Told how many milliseconds after its time each call was woken. */
    private readonly onWoken: (lateMs: number) => void,
  ) {}

  /** Wakes what is due, as far as there is room for it. Returns how many calls were woken; they run on after it. */
  async due(): Promise<number> {
    const room = Math.min(batch, this.share.free);
    if (room <= 0) return 0;
    return this.#resume(await this.waitingRoom.wakeDue(room));
  }

  /** Wakes the calls that records of the ladder name; what is no longer true of them is passed over. */
  async named(calls: readonly NamedCall[]): Promise<number> {
    return this.#resume(await this.waitingRoom.wakeNamed(calls));
  }

  #resume(woken: readonly WokenCall[]): number {
    for (const { owned, lateMs } of woken) {
      this.onWoken(lateMs);
      void this.resumeCall.execute(owned, 'now');
    }
    return woken.length;
  }
}
