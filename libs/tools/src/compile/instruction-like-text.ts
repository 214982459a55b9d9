import { memberPointer } from '../problem.js';

/**
 * A form of text that speaks to the model instead of describing the tool: prompt injection, or text like it. The list
 * of forms is short. A match is a reason to look and not a verdict, and no match proves nothing.
 */
interface Form {
  readonly pattern: RegExp;
  readonly message: string;
}

/**
 * Characters that a person does not see and a model reads: zero-width and soft characters, bidirectional controls,
 * variation selectors beyond those of emoji, and the tag block, which can spell whole sentences.
 */
const invisible =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/u;
const allInvisible = new RegExp(invisible.source, 'gu');

const encoded = 'holds a long block of encoded text';

/** Every repetition is bounded, because the texts come from strangers. */
const forms: readonly Form[] = [
  { pattern: invisible, message: 'contains invisible characters' },
  {
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|all|any|your|system)\b.{0,40}\b(?:instructions?|prompts?|rules|guidelines|directives|messages?|context)\b/is,
    message: 'asks to ignore other instructions',
  },
  {
    pattern:
      /(?:^|\n)[ \t>*#-]{0,8}(?:system|assistant|developer|user)(?: (?:prompt|message))?[ \t]{0,4}:[ \t]{0,4}\S.{0,200}\b(?:you|must|always|never)\b/i,
    message: 'imitates a turn of the conversation',
  },
  {
    // Marks that divide a conversation in the templates of model vendors.
    pattern:
      /<\|[a-z_][\w-]{1,40}\|>|<\uff5c[^<>]{2,60}\uff5c>|<\/?(?:im_start|im_end|system|endoftext|(?:start|end)_of_turn)>|<<\/?SYS>>|\[\/?INST\]/i,
    message: 'imitates a turn of the conversation',
  },
  {
    pattern:
      /(?:<important>|\bbefore (?:using|calling|invoking|answering)\b.{0,40}\b(?:tool|function|user)\b.{0,80}\byou (?:must|should|need)|\bdo not (?:tell|inform|mention|reveal|show)\b.{0,40}\b(?:the user|to the user|human|anyone)|\bwithout (?:telling|informing|asking|notifying)\b.{0,20}\buser|\b(?:reveal|print|repeat|output)\b.{0,20}\bsystem prompt)/is,
    message: 'gives orders to the model',
  },
  {
    pattern:
      /<!--[^]{0,400}?\b(?:ignore|must|always|never|send|call|execute|instruction|assistant|system)\b/i,
    message: 'hides a sentence in an HTML comment',
  },
  { pattern: /(?:[A-Za-z0-9+/]{60}){4,}/, message: encoded },
  {
    pattern: /!\[[^\]]{0,200}\]\(\s{0,4}https?:\/\/[^)\s]{1,500}[?&][^)\s=]{1,60}=/i,
    message: 'holds an image whose address can carry data away',
  },
  {
    pattern: /\]\(\s{0,4}(?:https?:\/\/[^)\s]{0,500}(?:\{\{?|%7b|\$\{)|data:|javascript:)/i,
    message: 'holds a link whose address is put together from data, or runs code',
  },
];

/** A place in a tool that matches one of the forms. */
export interface InstructionWarning {
  readonly code: 'instruction_like_text';
  readonly pointer: string;
  readonly message: string;
}

const longestLook = 20_000;
const mostWarnings = 10;
/** Names of a schema's members that hold prose. A model reads these values. */
const prose: ReadonlySet<string> = new Set(['title', 'description', '$comment']);
/** Names of members with values in a tool or a schema. A model also reads all texts and names in these values. */
const values: ReadonlySet<string> = new Set(['arguments', 'example', 'examples', 'default', 'const', 'enum']);
/** Names of members with author-defined names. */
const names: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions']);

interface Text {
  readonly text: string;
  readonly pointer: string;
  /** Whether the text is a value and not prose. An encoded block is normal in a value. */
  readonly isValue?: boolean;
}

/** Searches everything in a tool that a model reads. Returns at most ten warnings, in a fixed order. */
export function instructionWarnings(tool: Readonly<Record<string, unknown>>): InstructionWarning[] {
  const found: InstructionWarning[] = [];
  for (const { text, pointer, isValue } of textsOf(tool)) {
    const looked = text.slice(0, longestLook);
    for (const { pattern, message } of forms) {
      if ((isValue === true && message === encoded) || !pattern.test(looked)) continue;
      found.push({ code: 'instruction_like_text', pointer, message });
      if (found.length === mostWarnings) return found;
    }
  }
  return found;
}

/** The text without invisible characters. */
export function visibleText(text: string): string {
  return invisible.test(text) ? text.replace(allInvisible, '') : text;
}

function* textsOf(tool: Readonly<Record<string, unknown>>): Generator<Text> {
  for (const name of ['title', 'description', 'tags', 'examples', 'input', 'output'] as const) {
    const value = tool[name];
    if (typeof value === 'string') yield { text: value, pointer: `/${name}` };
    else yield* textsWithin(value, `/${name}`, name === 'tags' ? 'prose' : 'schema');
  }
}

/** The kind of an object's members: parts of a schema, schemas under author-defined names, a value, or prose. */
type Kind = 'schema' | 'named' | 'value' | 'prose';

function* textsWithin(root: unknown, at: string, rootKind: Kind): Generator<Text> {
  const waiting: { value: unknown; pointer: string; kind: Kind }[] = [
    { value: root, pointer: at, kind: rootKind },
  ];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { value, pointer, kind } = place;
    if (typeof value !== 'object' || value === null) continue;
    const within: typeof waiting = [];
    const isList = Array.isArray(value);
    for (const [name, child] of Object.entries(value)) {
      const below = memberPointer(pointer, isList ? Number(name) : name);
      if (!isList && (kind === 'named' || kind === 'value'))
        yield { text: name, pointer: below, isValue: true };
      const next = isList ? kind : kindOf(kind, name);
      if (typeof child !== 'string') within.push({ value: child, pointer: below, kind: next });
      else if (next === 'value') yield { text: child, pointer: below, isValue: true };
      else if (kind === 'prose' || prose.has(name)) yield { text: child, pointer: below };
    }
    waiting.push(...within.reverse());
  }
}

function kindOf(kind: Kind, name: string): Kind {
  if (kind === 'value' || kind === 'prose') return kind;
  if (kind === 'named') return 'schema';
  return values.has(name) ? 'value' : names.has(name) ? 'named' : 'schema';
}
