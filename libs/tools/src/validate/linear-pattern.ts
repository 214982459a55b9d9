import { RE2JS } from 're2js';

/** A compiled pattern for texts. */
export interface TextPattern {
  readonly test: (text: string) => boolean;
  /** The pattern itself. Validators distinguish patterns by this text. */
  readonly toString: () => string;
}

/**
 * A regular expression that takes time linear in the text, for any pattern and any text. `undefined` for a pattern
 * that this engine cannot express: lookaround, back references, repetitions beyond 1,000. It differs from ECMAScript
 * in two points: `.` matches U+2028 and U+2029, and `\s` is only ASCII white space.
 */
export function linearPattern(pattern: string): TextPattern | undefined {
  try {
    return compileLinear(pattern);
  } catch {
    return undefined;
  }
}

/**
 * Compiles a pattern for validators: with the linear engine if it can express the pattern, else with JavaScript's.
 */
export function textPattern(pattern: string, flags: string): TextPattern {
  try {
    return compileLinear(pattern);
  } catch (error) {
    // A full stack says nothing about the pattern. In the other engine the pattern may run for ever.
    if (error instanceof RangeError) throw error;
    return new RegExp(pattern, flags);
  }
}

function compileLinear(pattern: string): TextPattern {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  return { test: (text) => compiled.test(text), toString: () => pattern };
}
