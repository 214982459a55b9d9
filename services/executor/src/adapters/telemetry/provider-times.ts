/** The most calls under way that are remembered. */
const maxCalls = 20_000;

/** Milliseconds that each call under way has spent at its provider. */
export class ProviderTimes {
  readonly #byCall = new Map<string, number>();

  add(callId: string, ms: number): void {
    this.#byCall.set(callId, (this.#byCall.get(callId) ?? 0) + ms);
    if (this.#byCall.size <= maxCalls) return;
    for (const oldest of this.#byCall.keys()) {
      this.#byCall.delete(oldest);
      return;
    }
  }

  /** The time of a call, which is forgotten. Undefined: it sent nothing in this process. */
  take(callId: string): number | undefined {
    const ms = this.#byCall.get(callId);
    this.#byCall.delete(callId);
    return ms;
  }
}
