/** Reasons for a look at a step before it goes live, each with its meaning for the report. */
export const hazards = {
  'items-n': 'may work on several items, or on none; the file does not say',
  order: 'runs item by item here, and step by step over all items in the old product',
  pairing: 'pairs items of two lists by their place',
  'loose-types':
    'compared values after a conversion of types; here a value that cannot be converted stops the run',
  'null-on-error': 'an error inside an expression gave null',
  clock: 'reads the clock; here the time is recorded by the run',
  random: 'uses random numbers; here they repeat in a replay',
  'static-data': 'keeps data between runs, which the file does not contain',
  cursor: 'remembers what it has seen, and the file does not contain the cursor',
  binary: 'works on files',
  pagination: 'reads several pages',
  timezone: 'depends on a time zone that the file does not name',
  'error-swallowed': 'goes on after an error',
  'no-auth-webhook': 'accepts events from anyone',
  'secret-inline': 'contained a secret, which was left out',
  'stale-ref': 'refers to a step by an id that the file does not have',
  'all-routes': 'runs every route whose condition holds, not only the first',
  'batch-pacing': 'paced its requests; here the rate governor does',
  'opaque-write':
    'writes without protection against repetition: at most once, and an unknown end goes to a person',
  'model-fills': 'a language model decides its values',
  'private-app': 'uses a private app or a community node',
  'not-in-catalog': 'needs a tool that the catalog does not have yet',
  unmapped: 'has settings that were not carried over',
  'answer-shape': 'is read by later steps, and the tool may answer in another shape',
  code: 'runs code written for the old product',
  'empty-search': 'the answer to a search without a hit differs between products',
  retries: 'was repeated by the old product, possibly after it took effect',
  duplicated: 'runs once for each path that leads to it, so the draft has it several times',
} as const;

export type Hazard = keyof typeof hazards;
