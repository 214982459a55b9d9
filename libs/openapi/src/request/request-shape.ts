import type { JsonSchema } from '@action-mesh/tools';
import { headerNameProblem } from '@action-mesh/tools/compile';

import type { OpenApiDocument } from '../document/openapi-document.js';
import { below } from '../finding.js';
import { isObject, member } from '../json-object.js';
import type { Operation } from '../operations/operation.js';
import { Conversion } from '../schema/definition.js';
import { assembled } from '../schema/schema-assembly.js';
import type { SchemaConverter } from '../schema/schema-converter.js';
import { ArgumentNames, isArgumentName } from './argument-names.js';
import { bodyMembers } from './body-members.js';
import { listsOfForm } from './form-encoding.js';
import { declaredParameters, type DeclaredParameter } from './parameter-list.js';
import { parameterSchema } from './parameter-schema.js';
import { parameterStyle } from './parameter-style.js';
import { declaredBody, type DeclaredBody } from './request-body.js';
import { withSubtypes } from './subtypes.js';

/** Where one argument goes. */
interface ParameterPlace {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly style?: 'comma' | 'space' | 'pipe' | 'deep_object';
}

/** How the arguments of a tool become the request of an operation. */
export interface RequestShape {
  readonly input: JsonSchema;
  readonly parameters: Readonly<Record<string, ParameterPlace>>;
  /** The declared parameter of each argument, for its examples. */
  readonly declared: ReadonlyMap<string, DeclaredParameter>;
  readonly body?: {
    readonly declared: DeclaredBody;
    readonly argument?: string;
    /** How a form writes lists where it is not as repeated pairs. */
    readonly lists?: 'indexed';
  };
  /** The header in which the provider wants an idempotency key. The mesh fills it, so it is no argument. */
  readonly keyHeader?: string;
  /** What was found, in everything that the input refers to as well. */
  readonly conversion: Conversion;
}

const KEY_HEADER = /^(x-)?idempotency-?(key|token)$/i;

/** Builds the one input of an operation out of its parameters and its body. */
export class RequestShaper {
  readonly #document: OpenApiDocument;
  readonly #converter: SchemaConverter;
  readonly #operation: Operation;
  readonly #names = new ArgumentNames();
  readonly #conversion = new Conversion();
  readonly #properties: Record<string, unknown> = {};
  readonly #required: string[] = [];
  readonly #places: Record<string, ParameterPlace> = {};
  readonly #declared = new Map<string, DeclaredParameter>();
  #others: JsonSchema | boolean = false;
  #keyHeader: string | undefined;

  constructor(document: OpenApiDocument, converter: SchemaConverter, operation: Operation) {
    this.#document = document;
    this.#converter = converter;
    this.#operation = operation;
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
              ...(argument === undefined ? {} : { argument }),
              ...(lists === undefined ? {} : { lists }),
            },
          }),
      ...(this.#keyHeader === undefined ? {} : { keyHeader: this.#keyHeader }),
      conversion: complete,
    };
  }

  #addParameter(parameter: DeclaredParameter): void {
    const { in: place, name, required, source, pointer } = parameter;
    if (place === 'cookie') {
      this.#leaveOut(parameter, 'cookie_parameter', 'is sent as a cookie, which the mesh does not do');
      return;
    }
    // What only reads needs no key, and the mesh fills one header: where another is wanted as well, it is an argument.
    const canBeKey = this.#operation.method !== 'GET' && this.#keyHeader === undefined;
    if (place === 'header' && canBeKey && KEY_HEADER.test(name)) {
      this.#keyHeader = name;
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
    this.#properties[argument] = parameterSchema(
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
      ...(style.style === undefined ? {} : { style: style.style }),
    };
    this.#declared.set(argument, { ...parameter, source });
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
        `has the placeholder {${name}} without a parameter; it was taken for a text`,
      );
    }
  }

  /** The members of the body as arguments beside the parameters, where that says the same; else one argument for all of it. */
  #addBody(body: DeclaredBody): string | undefined {
    const { media, required, pointer } = body;
    const schema = member(media, 'schema') ?? {};
    const at = below(pointer, 'schema');
    const found = bodyMembers(this.#document, schema, at);
    const shown = [...(found?.members ?? [])].filter(([, part]) => !this.#converter.isHidden(part.schema));
    const isAllOrNothing = !required && (found?.required.size ?? 0) > 0;
    if (
      found === undefined ||
      isAllOrNothing ||
      shown.length === 0 ||
      shown.some(([name]) => this.#names.has(name) || !isArgumentName(name))
    ) {
      const argument = this.#names.take('body', 'request');
      const whole = withSubtypes(this.#document, schema);
      const converted = this.#converter.convert(whole, at, this.#conversion);
      this.#properties[argument] = isObject(converted) ? converted : {};
      if (required) this.#required.push(argument);
      return argument;
    }
    for (const [name, part] of shown) {
      this.#properties[name] = this.#converter.convert(part.schema, part.pointer, this.#conversion);
      if (found.required.has(name)) this.#required.push(name);
    }
    if (found.others !== undefined) {
      this.#others = this.#converter.convert(found.others.schema, found.others.pointer, this.#conversion);
    }
    return undefined;
  }
}
