import type { z } from 'zod';

import type { JsonSchema } from '../validate/json-schema.js';

/** The place of one argument in the provider's request. */
export interface ParameterLocation {
  readonly in: 'path' | 'query' | 'header';
  /**
   * The provider's name for it. For a path parameter, the placeholder.
   * @default the argument's own name
   */
  readonly name?: string;
  /**
   * The format of a list (`comma`, `space`, `pipe`) or an object (`deep_object`: `name[member]=value`). In the query
   * only; `comma` everywhere.
   * @default a list repeats the pair in a query, and has no place elsewhere
   */
  readonly style?: 'comma' | 'space' | 'pipe' | 'deep_object';
}

/** The body, if it is not the JSON object of all arguments without a parameter. */
export interface BodyDefinition {
  /**
   * `form` is `application/x-www-form-urlencoded`, and `multipart` is `multipart/form-data`. `bytes` is the file or
   * the text in `argument`.
   * @default 'json'
   */
  readonly encoding?: 'json' | 'form' | 'multipart' | 'bytes';
  /**
   * Members that are files, `{ base64, filename?, content_type? }`, or lists of those, each with the media type of a file that names
   * none: `{ photo: 'image/png' }`.
   */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * The format of lists in a form. `indexed` numbers the items, `name[0]=value`, as Stripe reads them.
   * @default the pair is repeated, `name=value`, and within an object `name[member][]=value`
   */
  readonly lists?: 'indexed';
  /** The argument with the value of the whole body. */
  readonly argument?: string;
  /** The one member that holds the arguments, such as `variables` in GraphQL. */
  readonly under?: string;
  /** Further members, the same in every request. */
  readonly fixed?: Readonly<Record<string, unknown>>;
}

/**
 * Recognizes a 2xx answer of a provider that did not do the request. A body that is not whole JSON leaves the effect
 * unknown. So give no rule to a tool if its provider may answer a success with anything else. A 204 is a success.
 */
export interface FailureDefinition {
  /** JSON pointer into the body. */
  readonly at: string;
  /**
   * The value at the pointer in a failure.
   * @default anything but null, false, and empty values
   */
  readonly equals?: string | number | boolean;
  /** JSON pointer to the provider's reason. */
  readonly reason?: string;
}

/** Recognizes an answer with a meaning beyond its status. */
export interface AnswerDefinition {
  /**
   * The status of the answer.
   * @default any 2xx
   */
  readonly status?: number;
  /**
   * JSON pointer into the body. The value there is one of `words`.
   * @default none: the status alone decides, and is required
   */
  readonly at?: string;
  readonly words?: readonly string[];
  /**
   * - `limited`: nothing was done, and a later request may succeed.
   * - `unknown`: the provider may or may not have acted.
   * - `done`: the requested state already exists. That is a success of a call with an earlier request that may have
   *   arrived.
   */
  readonly means: 'limited' | 'unknown' | 'done';
}

/** Arguments by name: known names if the input is zod, any name if it is plain JSON Schema. */
type ArgumentsOf<Input> = Input extends z.ZodType ? z.input<Input> : Readonly<Record<string, unknown>>;

type ParametersOf<Input> = Partial<Readonly<Record<keyof ArgumentsOf<Input> & string, ParameterLocation>>>;

/** Turns a call into an HTTP request. */
export interface HttpDefinition<Input> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Appended to the provider's base URL. `{argument}` marks a path parameter. */
  readonly path: string;
  /**
   * Places for arguments that differ from the default. By default an argument goes into the path if the path names
   * it. Otherwise it goes into the JSON body (POST, PUT, PATCH) or the query (GET, DELETE).
   */
  readonly parameters?: ParametersOf<Input>;
  /** Fixed headers. Never credentials. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyDefinition;
  readonly failure?: FailureDefinition;
  /** Rules for answers, checked before `failure`. The first match counts. */
  readonly answers?: readonly AnswerDefinition[];
}

/**
 * The effect of repeating a call of this tool. It decides the next step if nothing shows whether the call took
 * effect.
 */
export type EffectDefinition =
  /** Changes nothing. Not with PUT, PATCH or DELETE. */
  | { readonly class: 'read' }
  /** Two requests have the same effect as one. POST and PATCH do not promise that, so they need the reason. */
  | { readonly class: 'idempotent'; readonly because?: string }
  /**
   * The provider drops repeats with the same key within `ttlMs`. The mesh fills in the key: as the header, the query
   * parameter, or the top-level member of the body called `name`. The key is no argument.
   */
  | {
      readonly class: 'keyed';
      readonly in: 'header' | 'query' | 'body';
      readonly name: string;
      readonly ttlMs: number;
    }
  | ProbeableDefinition
  /**
   * Nothing is known. The mesh sends at most one request, and reports an unknown outcome. With `atLeastOnce` it
   * repeats the request instead of asking a person.
   */
  | { readonly class: 'opaque'; readonly atLeastOnce?: true };

/**
 * The provider can be asked whether it acted. Every request carries the call's id as `reference`. If the answer got
 * lost, the mesh waits `settleMs` after the request. It then calls the tool `probe` with that id as its argument
 * `argument`.
 */
export interface ProbeableDefinition {
  readonly class: 'probeable';
  readonly probe: string;
  readonly settleMs: number;
  /**
   * The place of the call's id in the request: a header, a query parameter, or a top-level property of a body that is
   * a JSON object.
   */
  readonly reference: { readonly in: 'header' | 'query' | 'body'; readonly name: string };
  readonly argument: string;
  /**
   * JSON pointer into the probe's result. If the value is absent, null, false, or empty, the call did not happen. A
   * 404 or 410 means the same, if the path of the probe holds the argument. Any other answer that is not whole JSON
   * has no meaning.
   * @default the whole result
   */
  readonly found?: string;
}

/**
 * An argument of the compensating call: a JSON pointer into `{ arguments, result }` of this call, or a fixed value.
 */
export type DerivedArgument = { readonly from: string } | { readonly value: unknown };

/**
 * How the call for the next page follows from the answer to a call. Pointers (RFC 6901) lead into the result.
 *
 * - `token`: the value at `at` becomes the argument. Nothing there, or no true at `more`, means the last page.
 * - `last_item`: the value at `id` in the last item of the list at `items` becomes the argument, while `more` is true.
 * - `link`: the query of a link has the arguments. The link is the URL at `at`, or else the one with `rel=next` in the
 *   header `Link`.
 * - `offset`: the argument counts the items before the page, until it reaches the number at `total`.
 */
export type PaginationDefinition =
  | { readonly by: 'token'; readonly argument: string; readonly at: string; readonly more?: string }
  | {
      readonly by: 'last_item';
      readonly argument: string;
      readonly items: string;
      readonly id: string;
      readonly more: string;
    }
  | { readonly by: 'link'; readonly at?: string }
  | { readonly by: 'offset'; readonly argument: string; readonly items: string; readonly total: string };

/** Limits for the mesh's own retries, after a failed request that may be repeated. */
export interface RetryDefinition {
  /** Requests in all, including the first. */
  readonly maxAttempts: number;
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  /**
   * Milliseconds from the record of the call, or from its redrive. After that no request starts.
   * @default 86_400_000
   */
  readonly deadlineMs?: number;
  /**
   * Statuses with which this provider says that it did nothing and may act later, in addition to 425 and 429.
   * @default none
   */
  readonly refusedStatuses?: readonly number[];
}

/** A credential, and its required scopes. */
export interface SecurityDefinition {
  /** The name of the scheme in the provider's documents. */
  readonly scheme: string;
  readonly kind: 'oauth2' | 'api_key' | 'bearer' | 'basic' | 'other';
  readonly scopes?: readonly string[];
}

/** One version of a tool, as its author writes it. */
export interface ToolDefinition<Input = z.ZodType | JsonSchema> {
  /** Lower-case words joined by underscores, at most 64 characters: the name that models see. */
  readonly slug: string;
  /** Semantic version. A published version never changes; a change needs a new version. */
  readonly version: string;
  /**
   * The toolkit of the tool.
   * @default the provider's slug
   */
  readonly toolkit?: string;
  /** @default the slug in words */
  readonly title?: string;
  readonly provider: {
    readonly slug: string;
    /** `https://api.example.com/v1`, without query and credentials. */
    readonly baseUrl: string;
  };
  /** The purpose of the tool and when to use it, written for the model that chooses it. */
  readonly description: string;
  /**
   * The arguments, as a zod object or JSON Schema 2020-12. Unknown names are refused, unless the schema itself allows
   * them (`z.looseObject`, `additionalProperties`).
   */
  readonly input: Input;
  /** Words for searching the tool. */
  readonly tags?: readonly string[];
  /** Former names of the tool. Calls and searches still find it by them. */
  readonly aliases?: readonly string[];
  readonly deprecated?: boolean;
  /**
   * The required credentials as alternatives. One alternative must be met completely.
   * @default nothing
   */
  readonly security?: readonly (readonly SecurityDefinition[])[];
  /** The schema of the provider's answer. It only describes: no answer is refused for it. */
  readonly output?: z.ZodType | JsonSchema;
  readonly examples?: readonly { readonly description: string; readonly arguments: ArgumentsOf<Input> }[];
  readonly http: HttpDefinition<Input>;
  /** @default { class: 'read' } for a GET, else { class: 'opaque' } */
  readonly effect?: EffectDefinition;
  /**
   * Milliseconds for the whole request, including the connection.
   * @default 30_000
   */
  readonly timeoutMs?: number;
  /**
   * The most bytes of a decoded answer that are kept, at most 524_288. A larger answer is cut: a `read` fails with
   * `result_too_large`, and any other call succeeds without a result.
   * @default 262_144
   */
  readonly maxResponseBytes?: number;
  /**
   * For requests that were certainly not processed. The effect class decides about all others.
   * @default 5 attempts, 500 ms to 30 s apart, for a day
   */
  readonly retry?: RetryDefinition;
  /**
   * The call for the next page. An answer to a call then has `next`.
   * @default none: the answer is the only page
   */
  readonly pagination?: PaginationDefinition;
  /**
   * The tool that undoes this one, and the sources of its arguments.
   * @default none: it cannot be undone
   */
  readonly compensation?: {
    readonly tool: string;
    readonly arguments: Readonly<Record<string, DerivedArgument>>;
  };
  /**
   * Milliseconds after the end of a call in which the ledger answers the same call. A `read` gets such an answer only
   * with the same idempotency key.
   * @default 86_400_000
   */
  readonly validityMs?: number;
  /**
   * For effect class `read` alone: milliseconds after its end in which an equal read gets the same answer. An equal
   * read that arrives while the first one runs always gets its answer.
   * @default 0: the next read asks the provider
   */
  readonly freshnessMs?: number;
}

/**
 * The mark of `defineTool`. A registered symbol, so two installed copies of this library recognize each other's
 * tools.
 */
const defined = Symbol.for('action-mesh.defined-tool');

/** A definition made by `defineTool`. The catalog searches the exports of a file for these. */
export type DefinedTool<Input = z.ZodType | JsonSchema> = ToolDefinition<Input> & {
  readonly [defined]: true;
};

/**
 * Declares a tool. Only the types are checked here. `compileTool` checks the rest and reports all problems together.
 */
export function defineTool<const Input extends z.ZodType | JsonSchema>(
  definition: ToolDefinition<Input>,
): DefinedTool<Input> {
  return Object.freeze({ ...definition, [defined]: true as const });
}

export function isDefinedTool(value: unknown): value is DefinedTool {
  return typeof value === 'object' && value !== null && defined in value;
}
