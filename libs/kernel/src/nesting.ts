const quote = 0x22;
const backslash = 0x5c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * Whether arrays and objects nest more than `most` deep in a JSON text. Takes one pass without recursion: a recursive
 * schema check would overflow the stack on a deep value.
 */
export function nestsDeeper(json: Buffer, most: number): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (isText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) isText = false;
    } else if (byte === quote) {
      isText = true;
    } else if (byte === openObject || byte === openArray) {
      depth += 1;
      if (depth > most) return true;
    } else if (byte === closeObject || byte === closeArray) {
      depth -= 1;
    }
  }
  return false;
}
