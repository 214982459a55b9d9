import type { Tool } from '@action-mesh/contracts/catalog';

import { ToolRequestError } from '../tools.errors.js';
import type { Arguments } from './argument-text.js';

/**
 * Adds a tool's presets to the arguments. A given value replaces a default. A given value for a fixed argument is
 * refused with `TOOL_ARGUMENT_FIXED`, because no argument is dropped silently (RQ2).
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
