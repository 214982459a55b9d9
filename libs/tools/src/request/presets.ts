import type { Tool } from '@action-mesh/contracts/catalog';

import { ToolRequestError } from '../tools.errors.js';
import type { Arguments } from './argument-text.js';

/**
 * The arguments with those that a tool has by itself. What the caller gives wins over a default; a fixed value that he gives
 * all the same is refused with `TOOL_ARGUMENT_FIXED`, as none is dropped silently (RQ2).
 */
export function compilePresets(presets: Tool['presets']): (args: Arguments) => Arguments {
  if (presets === undefined) return (args) => args;
  const values = Object.fromEntries(Object.entries(presets).map(([name, { value }]) => [name, value]));
  const fixed = Object.keys(presets).filter((name) => presets[name]?.fixed === true);
  return (args) => {
    const clash = fixed.find((name) => Object.hasOwn(args, name));
    if (clash !== undefined) throw new ToolRequestError('TOOL_ARGUMENT_FIXED', clash);
    return { ...values, ...args };
  };
}
