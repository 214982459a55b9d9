const longestText = 100;
const mostChoices = 20;
/** The most values of an object that is printed. A larger one is named by its type. */
const mostValues = 20;

/** The value as JSON, cut to a readable length. A large value is named by its type, so the cost is bounded too. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') {
    const text = JSON.stringify(value.slice(0, longestText));
    return value.length > longestText ? `${text}…` : text;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  if (!isBrief(value)) return typeName(value);
  const text = JSON.stringify(value);
  return text.length > longestText ? typeName(value) : text;
}

/** The first few values, and the number of the others. */
export function list(values: readonly unknown[]): string {
  const first = values.slice(0, mostChoices).map(shownValue).join(', ');
  return values.length > mostChoices ? `${first} and ${values.length - mostChoices} more` : first;
}

/** The type in JSON Schema's words, without a distinction of integers. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isBrief(value: object): boolean {
  let left = mostValues;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string' && next.length > longestText) return false;
    if (typeof next !== 'object' || next === null) continue;
    const names = Object.keys(next);
    left -= names.length;
    if (left < 0) return false;
    for (const name of names) waiting.push((next as Readonly<Record<string, unknown>>)[name]);
  }
  return true;
}
