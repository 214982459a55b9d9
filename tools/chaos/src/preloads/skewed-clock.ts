/**
 * A preload (`node --import`). Makes the wall clock of its process wrong by `ms` milliseconds; monotonic time stays right.
 */
const offsetMs = Number(new URL(import.meta.url).searchParams.get('ms') ?? Number.NaN);
if (!Number.isFinite(offsetMs)) throw new Error(`${import.meta.url}: "ms" must be a number`);

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
