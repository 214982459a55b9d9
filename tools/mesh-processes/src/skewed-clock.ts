/** Makes the wall clock of this process go wrong by so many milliseconds; the monotonic clock goes on as it was. */
export function skewClock(offsetMs: number): void {
  const Right = Date;
  class Skewed extends Right {
    constructor(...parameters: ConstructorParameters<DateConstructor> | []) {
      // The signatures of Date cannot be spread into `super`; its behaviour is the same for all of them.
      if (parameters.length === 0) super(Right.now() + offsetMs);
      else super(...(parameters as [number]));
    }

    static override now(): number {
      return Right.now() + offsetMs;
    }
  }
  globalThis.Date = Skewed as DateConstructor;
}
