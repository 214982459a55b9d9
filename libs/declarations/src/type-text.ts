/** A union of types, without repetitions. `unknown` swallows the other members. An empty union is `never`. */
export function unionOf(types: readonly string[]): string {
  const distinct = [...new Set(types)];
  if (distinct.includes('unknown')) return 'unknown';
  if (distinct.length === 0) return 'never';
  return distinct.length === 1 ? (distinct[0] ?? 'never') : distinct.map(grouped).join(' | ');
}

/** An intersection of types, without repetitions and without members that narrow nothing. */
export function intersectionOf(types: readonly string[]): string {
  const distinct = [...new Set(types)].filter((type) => type !== 'unknown');
  if (distinct.length === 0) return 'unknown';
  return distinct.length === 1 ? (distinct[0] ?? 'unknown') : distinct.map(grouped).join(' & ');
}

/** An array of a type. */
export function arrayOf(type: string): string {
  return `${grouped(type)}[]`;
}

/** The type of a JSON value that a schema lists. Objects and arrays lose their exact members. */
export function literalType(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'unknown[]' : 'Record<string, unknown>';
}

/** The name of a property, in quotes unless it is an identifier. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** A doc comment, indented, or no text for an empty one. The text cannot end the comment. */
export function docComment(text: string, indent: string): string {
  const lines = text
    .replaceAll('*/', '*\\/')
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [first] = lines;
  if (first === undefined) return '';
  if (lines.length === 1) return `${indent}/** ${first} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}

/** A union, an intersection or a function is put in parentheses when it becomes a part of another type. */
function grouped(type: string): string {
  return isSimple(type) ? type : `(${type})`;
}

/** True when the type has no operator outside its brackets and quotes. */
function isSimple(type: string): boolean {
  let depth = 0;
  for (let at = 0; at < type.length; at++) {
    const sign = type.charAt(at);
    if (sign === '"') at = endOfText(type, at);
    else if ('([{<'.includes(sign)) depth++;
    else if (')]}>'.includes(sign)) depth--;
    else if (depth === 0 && (sign === '|' || sign === '&')) return false;
  }
  return true;
}

/** The place of the quote that ends a text. */
function endOfText(type: string, start: number): number {
  let at = start + 1;
  while (at < type.length && type.charAt(at) !== '"') at += type.charAt(at) === '\\' ? 2 : 1;
  return at;
}
