import { ToolRequestError } from '../tools.errors.js';

/** The arguments of a call, by name. */
export type Arguments = Readonly<Record<string, unknown>>;

/**
 * The texts that one header line can carry. Surrounding spaces are excluded, because a receiver strips them. CR and
 * LF are excluded too.
 */
const headerValue = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/;
const dotSegment = /(?:^|[/\\])\.\.?(?:$|[/\\])/;

/** The text of a string, a number or a boolean. `null`, arrays and objects have none. */
export function scalarText(argument: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (Number.isFinite(value)) return String(value);
      throw new ToolRequestError('TOOL_ARGUMENT_SHAPE', argument);
    default:
      throw new ToolRequestError('TOOL_ARGUMENT_SHAPE', argument);
  }
}

/** The items of a list in the style `comma`. Any other value is its own single item. */
export function itemsOf({ style }: { readonly style?: string }, value: unknown): readonly unknown[] {
  return style === 'comma' && Array.isArray(value) ? value : [value];
}

/**
 * Percent-encodes everything but RFC 3986 unreserved characters and `!'()*`, so the text cannot end its
 * component.
 */
export function encodeComponent(argument: string, text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw new ToolRequestError('TOOL_ARGUMENT_TEXT', argument);
  }
}

/**
 * Whether a decoded segment contains a dot segment. Every client resolves `..`. An encoded `../x` stays one segment,
 * but servers that decode before they route would resolve it, so it is refused too.
 */
export function holdsDotSegment(segment: string): boolean {
  return segment.includes('.') && dotSegment.test(segment);
}

export function headerText(argument: string, value: unknown): string {
  const text = scalarText(argument, value);
  if (!headerValue.test(text)) throw new ToolRequestError('TOOL_HEADER_VALUE', argument);
  return text;
}
