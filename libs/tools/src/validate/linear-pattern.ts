import { RE2JS } from 're2js';

/** What a text is held against. */
export interface TextPattern {
  readonly test: (text: string) => boolean;
  /** The pattern itself: validators tell patterns apart by it. */
  readonly toString: () => string;
}

/**
 * A regular expression that takes time linear in the text, whatever it is and whatever the text is; `undefined` for what
 * this engine cannot express: lookaround, back references, repetitions beyond 1,000. It differs from ECMAScript in two
 * corners: `.` matches U+2028 and U+2029, and `\s` is white space in ASCII alone.
 */
export function linearPattern(pattern: string): TextPattern | undefined {
  try {
    return compileLinear(pattern);
  } catch {
    return undefined;
  }
}

/** What validators hold texts against: the linear engine wherever it can, else the one of the language. */
export function textPattern(pattern: string, flags: string): TextPattern {
  try {
    return compileLinear(pattern);
  } catch (error) {
    // The end of the caller's stack says nothing about the pattern: in the other engine it may run for ever.
    if (error instanceof RangeError) throw error;
    return new RegExp(pattern, flags);
  }
}

function compileLinear(pattern: string): TextPattern {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  return { test: (text) => compiled.test(text), toString: () => pattern };
}
