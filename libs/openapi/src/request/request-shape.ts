import { defined } from '@action-mesh/kernel';
import type { JsonSchema } from '@action-mesh/tools';
import { headerNameProblem } from '@action-mesh/tools/compile';

import type { OpenApiDocument } from '../document/openapi-document.js';
import { below } from '../finding.js';
import { isJsonObject, member, stringAt } from '../json-object.js';
import type { Operation } from '../operations/operation.js';
import { Conversion } from '../schema/definition.js';
import { assembled } from '../schema/schema-assembly.js';
import type { SchemaConverter } from '../schema/schema-converter.js';
import { ArgumentNames, isArgumentName } from './argument-names.js';
import { bodyMembers, type BodyMember } from './body-members.js';
import { keyOf, type CredentialMember } from './credentials.js';
import { listsOfForm } from './form-encoding.js';
import { isIdempotencyKey, type KeyLocation } from './idempotency-key.js';
import { declaredParameters, type DeclaredParameter } from './parameter-list.js';
import { parameterJsonSchema } from './parameter-schema.js';
import { parameterStyle } from './parameter-style.js';
import { declaredBody, type DeclaredBody, type Encoding } from './request-body.js';
import { withSubtypes } from './subtypes.js';
import { bytesArgument, fileArgument, filesOf, partsObject } from './upload-body.js';

/** The place of one argument. */
interface ParameterLocation {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly style?: 'comma' | 'space' | 'pipe' | 'deep_object';
}

/** The input of a tool, and the places of its arguments in the request. */
export interface RequestShape {
  readonly input: JsonSchema;
  readonly parameters: Readonly<Record<string, ParameterLocation>>;
  /** The declared parameter of each argument, for its examples. */
  readonly declared: ReadonlyMap<string, DeclaredParameter>;
  readonly body?: {
    readonly declared: DeclaredBody;
    readonly argument?: string;
    /** The format of lists in a form, if it is not repeated pairs. */
    readonly lists?: 'indexed';
    /** Members that are files, with their media types. */
    readonly files?: Readonly<Record<string, string>>;
  };
  /** The place where the provider wants an idempotency key. The mesh fills it in, so it is no argument. */
  readonly key?: KeyLocation;
  /** Members of the body that are no arguments: the key, and credentials. */
  readonly leftOut: ReadonlySet<string>;
  /** The findings and losses in the input and everything that it refers to. */
  readonly conversion: Conversion;
}

/** Builds the input of an operation from its parameters and its body. */
export class RequestShaper {
  readonly #document: OpenApiDocument;
  readonly #converter: SchemaConverter;
  readonly #operation: Operation;
  readonly #names = new ArgumentNames();
  readonly #conversion = new Conversion();
  readonly #properties: Record<string, unknown> = {};
  readonly #required: string[] = [];
  readonly #places: Record<string, ParameterLocation> = {};
  readonly #declared = new Map<string, DeclaredParameter>();
  #others: JsonSchema | boolean = false;
  readonly #credentials: ReadonlySet<string>;
  readonly #leftOut = new Set<string>();
  #key: KeyLocation | undefined;
  #files: Readonly<Record<string, string>> = {};

  constructor(
    document: OpenApiDocument,
    converter: SchemaConverter,
    operation: Operation,
    credentials: readonly CredentialMember[] = [],
  ) {
    this.#document = document;
    this.#converter = converter;
    this.#operation = operation;
    this.#credentials = new Set(credentials.map(keyOf));
  }

  shape(): RequestShape {
    const { findings } = this.#conversion;
    for (const parameter of declaredParameters(this.#document, this.#operation, findings))
      this.#addParameter(parameter);
    this.#addUndeclared();
    const body = declaredBody(this.#document, this.#operation, findings);
    const argument = body === undefined ? undefined : this.#addBody(body);
    const lists = body?.encoding === 'form' ? listsOfForm(this.#document, body, findings) : undefined;
    const own = {
      type: 'object',
      properties: this.#properties,
      ...(this.#required.length === 0 ? {} : { required: this.#required }),
      additionalProperties: this.#others,
    };
    const at = this.#operation.pointer;
    const { schema: input, complete } = assembled(own, at, this.#conversion, this.#converter);
    return {
      input,
      parameters: this.#places,
      declared: this.#declared,
      ...(body === undefined
        ? {}
        : {
            body: {
              declared: body,
              ...defined({ argument, lists }),
              ...(Object.keys(this.#files).length === 0 ? {} : { files: this.#files }),
            },
          }),
      ...defined({ key: this.#key }),
      leftOut: this.#leftOut,
      conversion: complete,
    };
  }

  #addParameter(parameter: DeclaredParameter): void {
    const { in: place, name, required, source, pointer } = parameter;
    if (place !== 'path' && this.#credentials.has(keyOf({ in: place, name }))) return;
    if (place === 'cookie') {
      this.#leaveOut(parameter, 'cookie_parameter', 'is sent as a cookie, which the mesh does not support');
      return;
    }
    const isHeaderOrQuery = place === 'header' || place === 'query';
    if (isHeaderOrQuery && this.#isKey(name, member(source, 'schema'), stringAt(source, 'description'))) {
      this.#key = { in: place, name };
      return;
    }
    if (place === 'path' && !this.#operation.path.includes(`{${name}}`)) {
      this.#conversion.findings.warn(
        'parameter_without_place',
        pointer,
        'is no part of the path, and was left out',
      );
      return;
    }
    const problem = place === 'header' ? headerNameProblem(name) : undefined;
    if (problem !== undefined) {
      this.#leaveOut(parameter, 'header_parameter', `cannot be a header: its name ${problem}`);
      return;
    }
    const style = parameterStyle(this.#document, parameter);
    if (!style.ok) {
      this.#leaveOut(parameter, 'parameter_style', style.message);
      return;
    }
    const argument = this.#names.take(name, place);
    this.#properties[argument] = parameterJsonSchema(
      this.#document,
      this.#converter,
      parameter,
      style.style,
      this.#conversion,
    );
    if (required) this.#required.push(argument);
    this.#places[argument] = {
      in: place,
      name,
      ...defined({ style: style.style }),
    };
    this.#declared.set(argument, { ...parameter, source });
  }

  /** A reading request needs no key. The mesh fills in only one key, so a second one is an argument. */
  #isKey(name: string, schema: unknown, description?: string): boolean {
    if (this.#operation.method === 'GET' || this.#key !== undefined) return false;
    return isIdempotencyKey(this.#document, name, schema, description);
  }

  #leaveOut({ required, pointer }: DeclaredParameter, code: string, reason: string): void {
    if (required) this.#conversion.findings.refuse(code, pointer, reason);
    else this.#conversion.findings.warn(code, pointer, `${reason}; it is optional, and was left out`);
  }

  #addUndeclared(): void {
    const { path, pointer } = this.#operation;
    const filled = new Set(
      Object.values(this.#places).flatMap((place) => (place.in === 'path' ? [place.name] : [])),
    );
    for (const [, name = ''] of path.matchAll(/\{([^{}]{1,200})\}/g)) {
      if (filled.has(name) || this.#conversion.findings.reasons.length > 0) continue;
      filled.add(name);
      const argument = this.#names.take(name, 'path');
      this.#properties[argument] = { type: 'string', minLength: 1 };
      this.#required.push(argument);
      this.#places[argument] = { in: 'path', name };
      this.#conversion.findings.warn(
        'parameter_undeclared',
        pointer,
        `has the placeholder {${name}} without a parameter; it counts as a text`,
      );
    }
  }

  /**
   * Adds the members of the body as arguments beside the parameters, if that has the same meaning. Otherwise adds one
   * argument for the whole body.
   */
  #addBody(body: DeclaredBody): string | undefined {
    const { media, required, pointer, encoding, mediaType } = body;
    const schema = member(media, 'schema') ?? {};
    const at = below(pointer, 'schema');
    if (encoding === 'bytes') {
      const type = mediaType ?? '';
      const argument = this.#wholeBody(required, bytesArgument(type, this.#converted(schema, at)));
      this.#files = { [argument]: type };
      return argument;
    }
    const found = bodyMembers(this.#document, schema, at);
    const visible = [...(found?.members ?? [])].filter(([, part]) => !this.#converter.isHidden(part.schema));
    const shown = visible.filter(([name, part]) => !this.#isFilledIn(name, part.schema, encoding));
    const isAllOrNothing = !required && [...(found?.required ?? [])].some((name) => !this.#leftOut.has(name));
    this.#files = filesOf(this.#document, body, new Map(visible));
    if (
      found === undefined ||
      isAllOrNothing ||
      visible.length === 0 ||
      shown.some(([name]) => this.#names.has(name) || !isArgumentName(name))
    ) {
      this.#keepInWhole(at);
      if (encoding === 'multipart') {
        const { findings } = this.#conversion;
        const parts = partsObject(found, visible, (name, part) => this.#part(name, part), findings, at);
        return this.#wholeBody(required, parts);
      }
      return this.#wholeBody(required, this.#converted(withSubtypes(this.#document, schema), at));
    }
    for (const [name, part] of shown) {
      this.#properties[name] = this.#part(name, part);
      if (found.required.has(name)) this.#required.push(name);
    }
    if (found.others !== undefined) {
      this.#others = this.#converter.convert(found.others.schema, found.others.pointer, this.#conversion);
    }
    return undefined;
  }

  /** Warns of keys and credentials in a body that is one argument, because nothing can be left out there. */
  #keepInWhole(pointer: string): void {
    for (const name of this.#leftOut) {
      this.#conversion.findings.warn(
        'member_kept',
        pointer,
        `has the member "${name}", which the caller has to give, because the body is one argument`,
      );
    }
    this.#leftOut.clear();
    if (this.#key?.in === 'body') this.#key = undefined;
  }

  /** Whether the mesh fills in a member of the body: an idempotency key, or the credential of a connection. */
  #isFilledIn(name: string, schema: unknown, encoding: Encoding): boolean {
    // Nothing is added to multipart bodies and bytes.
    const isKey = encoding !== 'multipart' && this.#isKey(name, schema);
    if (isKey) this.#key = { in: 'body', name };
    else if (!this.#credentials.has(keyOf({ in: 'body', name }))) return false;
    this.#leftOut.add(name);
    return true;
  }

  #wholeBody(required: boolean, schema: JsonSchema): string {
    const argument = this.#names.take('body', 'request');
    this.#properties[argument] = schema;
    if (required) this.#required.push(argument);
    return argument;
  }

  #part(name: string, { schema, pointer }: BodyMember): JsonSchema | boolean {
    const converted = this.#converter.convert(schema, pointer, this.#conversion);
    if (!Object.hasOwn(this.#files, name)) return converted;
    return fileArgument(this.#document, schema, isJsonObject(converted) ? converted : {});
  }

  #converted(schema: unknown, at: string): JsonSchema {
    const converted = this.#converter.convert(schema, at, this.#conversion);
    return isJsonObject(converted) ? converted : {};
  }
}
