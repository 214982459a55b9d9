import type { Dynamic } from './dynamic.js';
import { toList } from './lists.js';

/** One item as a code step of n8n sees it. */
export interface CodeItem {
  json: unknown;
}

/** The names that an imported code step may use. */
export interface CodeScope {
  readonly items: CodeItem[];
  readonly item: CodeItem;
  readonly $json: Dynamic;
  readonly $input: Dynamic;
  /** The output of an earlier step by its name in the old product. */
  readonly $: (name: string) => Dynamic;
  readonly $node: Dynamic;
  /** Milliseconds since 1970, recorded by the run. */
  readonly now: number;
  /** Repeats the same numbers in every replay. */
  readonly random: () => number;
  readonly inputData: Dynamic;
}

/** Makes the scope of a code step from recorded values only. */
export function codeScope(from: {
  readonly input: unknown;
  readonly nodes?: Readonly<Record<string, unknown>>;
  readonly now?: Date;
  readonly seed?: string;
}): CodeScope {
  const items = codeItems(from.input);
  const nodes = new Map(
    Object.entries(from.nodes ?? {}).map(([name, value]) => [name, access(codeItems(value))]),
  );
  const first = items[0] ?? { json: {} };
  return {
    items,
    item: first,
    $json: first.json,
    $input: access(items),
    $: (name) => nodes.get(name),
    $node: Object.fromEntries([...nodes].map(([name, node]) => [name, { ...node, json: node.item.json }])),
    now: from.now?.getTime() ?? Number.NaN,
    random: seededRandom(from.seed ?? ''),
    inputData: first.json,
  };
}

/** The value of what a code step returned: items lose their wrapping, one object stays one. */
export function codeResult(returned: unknown): Dynamic[] {
  const items: readonly unknown[] = toList(returned);
  return items.map((item) =>
    typeof item === 'object' && item !== null && 'json' in item ? item.json : item,
  );
}

function codeItems(value: unknown): CodeItem[] {
  // Code may change its items. The copy keeps recorded values as they are.
  const values: readonly unknown[] = toList(value);
  return values.map((json) => ({ json: structuredClone(json) }));
}

function access(items: CodeItem[]) {
  const item = items[0] ?? { json: {} };
  return { all: () => items, first: () => item, last: () => items.at(-1) ?? item, item };
}

/** mulberry32 over a hash of the seed. */
function seededRandom(seed: string): () => number {
  let state = 2_166_136_261;
  for (const char of seed) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 16_777_619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
