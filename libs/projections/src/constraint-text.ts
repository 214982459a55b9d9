/**
 * Words for the model about a rule that a vendor's schema cannot express. `undefined` if words cannot explain the
 * rule.
 */
export function constraintText(keyword: string, value: unknown): string | undefined {
  switch (keyword) {
    case 'minLength':
      return `at least ${String(value)} characters`;
    case 'maxLength':
      return `at most ${String(value)} characters`;
    case 'minItems':
      return `at least ${String(value)} items`;
    case 'maxItems':
      return `at most ${String(value)} items`;
    case 'minProperties':
      return `at least ${String(value)} members`;
    case 'maxProperties':
      return `at most ${String(value)} members`;
    case 'minimum':
      return `at least ${String(value)}`;
    case 'maximum':
      return `at most ${String(value)}`;
    case 'exclusiveMinimum':
      return `more than ${String(value)}`;
    case 'exclusiveMaximum':
      return `less than ${String(value)}`;
    case 'multipleOf':
      return `a multiple of ${String(value)}`;
    case 'uniqueItems':
      return value === true ? 'no item twice' : undefined;
    case 'format':
      return `format ${String(value)}`;
    case 'pattern':
      return `must match ${String(value)}`;
    case 'default':
      return `default ${JSON.stringify(value)}`;
    default:
      return undefined;
  }
}

/** A description followed by its rules: `The title (at most 50 characters).` */
export function describedWith(description: unknown, rules: readonly string[]): string | undefined {
  const text = typeof description === 'string' ? description : '';
  if (rules.length === 0) return text === '' ? undefined : text;
  return `${text}${text === '' ? '' : ' '}(${rules.join('; ')})`;
}
