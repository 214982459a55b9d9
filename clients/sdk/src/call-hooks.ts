import type { CallOptions } from './call-options.js';

/** A tool call before it leaves. */
export interface HookedCall {
  readonly slug: string;
  readonly arguments: unknown;
  readonly identity: CallOptions;
}

/** Functions that run before and after each tool call of a client. An error that one throws reaches the caller. */
export interface CallHooks {
  /** Runs before the call. It may return other arguments, or throw so that the call is not made. */
  readonly before?: ((call: HookedCall) => object | undefined | Promise<object | undefined>) | undefined;
  /**
   * Runs after the answer of the mesh: an outcome, or an answer in the form of a model vendor. The call is over then:
   * an error here does not undo it.
   */
  readonly after?: ((call: HookedCall, answer: unknown) => void | Promise<void>) | undefined;
}

/** Runs a call between its hooks. */
export async function withHooks<T>(
  hooks: CallHooks,
  call: HookedCall,
  run: (args: unknown) => Promise<T>,
): Promise<T> {
  const changed = await hooks.before?.(call);
  const made = changed === undefined ? call : { ...call, arguments: changed };
  const answer = await run(made.arguments);
  await hooks.after?.(made, answer);
  return answer;
}
