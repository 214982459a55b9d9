import type { z } from 'zod';

import type { JsonSchema } from '../validate/json-schema.js';

/** Where one argument goes in the provider's request. */
export interface ParameterLocation {
  readonly in: 'path' | 'query' | 'header';
  /**
   * What the provider calls it; for a path parameter, the placeholder.
   * @default the argument's own name
   */
  readonly name?: string;
  /**
   * How a list (`comma`, `space`, `pipe`) or an object (`deep_object`: `name[member]=value`) is written. In the query only;
   * `comma` everywhere.
   * @default a list repeats the pair in a query, and has no place elsewhere
   */
  readonly style?: 'comma' | 'space' | 'pipe' | 'deep_object';
}

/** The body, where it is not the JSON object of all arguments that no parameter takes. */
export interface BodyDefinition {
  /**
   * `form` is `application/x-www-form-urlencoded`, `multipart` is `multipart/form-data`, and `bytes` is the file or the text that
   * `argument` is.
   * @default 'json'
   */
  readonly encoding?: 'json' | 'form' | 'multipart' | 'bytes';
  /**
   * Members that are files, `{ base64, filename?, content_type? }`, or lists of those, each with the media type of a file that names
   * none: `{ photo: 'image/png' }`.
   */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * How a form writes lists: `indexed` numbers the items, `name[0]=value`, as Stripe reads them.
   * @default the pair is repeated, `name=value`, and within an object `name[member][]=value`
   */
  readonly lists?: 'indexed';
  /** The argument whose value is the whole body. */
  readonly argument?: string;
  /** The one member that holds the arguments, as `variables` does in GraphQL. */
  readonly under?: string;
  /** Further members, the same in every request. */
  readonly fixed?: Readonly<Record<string, unknown>>;
}

/**
 * How the body of a 2xx says that the provider did not do the request. A body that is not whole JSON leaves the effect
 * unknown. So give no rule to a tool when its provider may answer a success with anything else. A 204 is a success.
 */
export interface FailureDefinition {
  /** JSON pointer into the body. */
  readonly at: string;
  /**
   * What stands there in a failure.
   * @default anything but null, false, and what is empty
   */
  readonly equals?: string | number | boolean;
  /** JSON pointer to the provider's word for it. */
  readonly reason?: string;
}

/** What an answer says beyond its status. */
export interface AnswerDefinition {
  /**
   * What it comes with.
   * @default any 2xx
   */
  readonly status?: number;
  /**
   * JSON pointer into the body, and what stands there.
   * @default the status, which has to be given, says it
   */
  readonly at?: string;
  readonly words?: readonly string[];
  /**
   * `limited`: nothing was done, and a later request may succeed. `unknown`: whether it acted is not known. `done`: what was
   * asked for is so already, which is a success of a call whose request may have arrived before.
   */
  readonly means: 'limited' | 'unknown' | 'done';
}

/** Arguments by name: known ones where the input is zod, any where it is plain JSON Schema. */
type ArgumentsOf<Input> = Input extends z.ZodType ? z.input<Input> : Readonly<Record<string, unknown>>;

type ParametersOf<Input> = Partial<Readonly<Record<keyof ArgumentsOf<Input> & string, ParameterLocation>>>;

/** How a call becomes an HTTP request. */
export interface HttpDefinition<Input> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Appended to the provider's base URL. `{argument}` marks a path parameter. */
  readonly path: string;
  /**
   * Arguments that do not go where they go by default: into the path when it names them, else into the JSON
   * body (POST, PUT, PATCH) or the query (GET, DELETE).
   */
  readonly parameters?: ParametersOf<Input>;
  /** Fixed headers. Never credentials. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyDefinition;
  readonly failure?: FailureDefinition;
  /** The first that fits counts, and before `failure`. */
  readonly answers?: readonly AnswerDefinition[];
}

/**
 * What is known about repeating a call of this tool. Decides what happens when nobody can say whether it took
 * effect.
 */
export type EffectDefinition =
  /** Changes nothing. Not with PUT, PATCH or DELETE. */
  | { readonly class: 'read' }
  /** Twice is as good as once. POST and PATCH do not promise that by themselves, so they need the reason. */
  | { readonly class: 'idempotent'; readonly because?: string }
  /**
   * The provider drops repeats that carry the same key within `ttlMs`. The mesh fills the key in: as the header, the query
   * parameter, or the top-level member of the body called `name`. It is no argument.
   */
  | {
      readonly class: 'keyed';
      readonly in: 'header' | 'query' | 'body';
      readonly name: string;
      readonly ttlMs: number;
    }
  | ProbeableDefinition
  /**
   * Nothing is known: at most once, and what is unknown is reported. `atLeastOnce`: you would rather have it twice than be
   * asked.
   */
  | { readonly class: 'opaque'; readonly atLeastOnce?: true };

/**
 * The provider can be asked whether it happened. Every request carries the call's id as `reference`; from `settleMs` after
 * a request whose answer got lost, the tool `probe` is called with that id as its argument `argument`.
 */
export interface ProbeableDefinition {
  readonly class: 'probeable';
  readonly probe: string;
  readonly settleMs: number;
  /** Where the request carries the call's id: a header, a query parameter, or a top-level property of a body that is a JSON object. */
  readonly reference: { readonly in: 'header' | 'query' | 'body'; readonly name: string };
  readonly argument: string;
  /**
   * JSON pointer into the probe's result. Nothing, null, false, or something empty there means: it did not happen. So does a 404 or
   * 410, where the path of the probe holds the argument. Any other answer that is no whole JSON means nothing.
   * @default the whole result
   */
  readonly found?: string;
}

/** An argument of the compensating call: a JSON pointer into `{ arguments, result }` of this one, or a fixed value. */
export type DerivedArgument = { readonly from: string } | { readonly value: unknown };

/** Bounds of what the mesh does by itself when a request fails and may be repeated. */
export interface RetryDefinition {
  /** Requests in all, the first included. */
  readonly maxAttempts: number;
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  /**
   * From the record of the call, or from its redrive, on; then no request starts any more.
   * @default 86_400_000
   */
  readonly deadlineMs?: number;
  /**
   * Statuses by which this provider says that it did nothing and may do it later, beside 425 and 429.
   * @default none
   */
  readonly refusedStatuses?: readonly number[];
}

/** A credential, and what it has to be good for. */
export interface SecurityDefinition {
  /** What the provider's documents call it. */
  readonly scheme: string;
  readonly kind: 'oauth2' | 'api_key' | 'bearer' | 'basic' | 'other';
  readonly scopes?: readonly string[];
}

/** One version of a tool, as its author writes it. */
export interface ToolDefinition<Input = z.ZodType | JsonSchema> {
  /** Lower-case words joined by underscores, at most 64 characters: the name that models see. */
  readonly slug: string;
  /** Semantic version. What is published under a version never changes; a change is a new version. */
  readonly version: string;
  /**
   * The tools that it belongs with.
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
  /** What the tool does and when to use it, written for the model that chooses it. */
  readonly description: string;
  /**
   * The arguments, as a zod object or JSON Schema 2020-12. Names that it does not know are refused, unless it
   * says otherwise itself (`z.looseObject`, `additionalProperties`).
   */
  readonly input: Input;
  /** Words to find it by. */
  readonly tags?: readonly string[];
  /** Names that it had before, which still find it. */
  readonly aliases?: readonly string[];
  readonly deprecated?: boolean;
  /**
   * What the provider wants to see: alternatives, of which one has to be met whole.
   * @default nothing
   */
  readonly security?: readonly (readonly SecurityDefinition[])[];
  /** The provider's answer. Describes; nothing is refused for it. */
  readonly output?: z.ZodType | JsonSchema;
  readonly examples?: readonly { readonly description: string; readonly arguments: ArgumentsOf<Input> }[];
  readonly http: HttpDefinition<Input>;
  /** @default { class: 'read' } for a GET, else { class: 'opaque' } */
  readonly effect?: EffectDefinition;
  /**
   * For the whole request, connection included.
   * @default 30_000
   */
  readonly timeoutMs?: number;
  /**
   * The most bytes of an answer that are kept, decoded; at most 524_288. A larger one is cut: a `read` fails with
   * `result_too_large`, and any other call succeeds without a result.
   * @default 262_144
   */
  readonly maxResponseBytes?: number;
  /**
   * For requests that were certainly not processed; the effect class decides about all others.
   * @default 5 attempts, 500 ms to 30 s apart, for a day
   */
  readonly retry?: RetryDefinition;
  /**
   * The tool that undoes what this one did, and where its arguments come from.
   * @default none: it cannot be undone
   */
  readonly compensation?: {
    readonly tool: string;
    readonly arguments: Readonly<Record<string, DerivedArgument>>;
  };
  /**
   * How long after its end a call is answered from the ledger when the same call arrives again. A `read` is answered so
   * only when it carries the same idempotency key.
   * @default 86_400_000
   */
  readonly validityMs?: number;
  /**
   * For effect class `read` alone: how long after its end an equal read gets the same answer, milliseconds. An equal read
   * that arrives while the first one runs always gets its answer.
   * @default 0: the next read asks the provider
   */
  readonly freshnessMs?: number;
}

/**
 * The mark of `defineTool`. A registered symbol, so that two installed copies of this library know each
 * other's tools.
 */
const DEFINED = Symbol.for('action-mesh.defined-tool');

/** A definition made by `defineTool`; what the catalog looks for among the exports of a file. */
export type DefinedTool<Input = z.ZodType | JsonSchema> = ToolDefinition<Input> & {
  readonly [DEFINED]: true;
};

/**
 * Declares a tool. Nothing is checked here beyond the types; `compileTool` does, and reports all problems
 * together.
 */
export function defineTool<const Input extends z.ZodType | JsonSchema>(
  definition: ToolDefinition<Input>,
): DefinedTool<Input> {
  return Object.freeze({ ...definition, [DEFINED]: true as const });
}

export function isDefinedTool(value: unknown): value is DefinedTool {
  return typeof value === 'object' && value !== null && DEFINED in value;
}
