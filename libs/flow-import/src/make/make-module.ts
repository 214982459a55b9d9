import type { JsonObject, JsonValue } from '@action-mesh/kernel';

import { field, elementsOf, recordOf, plainTextOf } from '../read/fields.js';

/** A module of a scenario. */
export interface MakeModule {
  /** The key of its node: its id, or its place where the id is missing or taken. */
  readonly key: string;
  readonly id: string;
  /** `app:Action`. */
  readonly module: string;
  readonly title: string;
  readonly parameters: JsonObject;
  readonly mapper: JsonObject;
  readonly filter: JsonValue | undefined;
  readonly routes: readonly (readonly MakeModule[])[];
  readonly branches: readonly { readonly raw: JsonObject; readonly flow: readonly MakeModule[] }[];
  readonly onError: readonly MakeModule[];
  readonly connection: string | undefined;
}

/** Reads the modules of a flow with everything under them. `all` collects them in their order. */
export function makeModules(
  flow: JsonValue | undefined,
  all: Map<string, MakeModule>,
): readonly MakeModule[] {
  return elementsOf(flow).map((value) => {
    const raw = recordOf(value);
    const id = plainTextOf(raw['id']) ?? '';
    const key = id === '' || all.has(id) ? `${id === '' ? 'module' : id} (${all.size + 1})` : id;
    const module = plainTextOf(raw['module']) ?? '';
    const parameters = recordOf(raw['parameters']);
    const bare: MakeModule = {
      key,
      id,
      module,
      title:
        plainTextOf(field(raw, 'metadata', 'designer', 'name')) ??
        `${module.split(':')[1] ?? 'module'} ${id}`,
      parameters,
      mapper: recordOf(raw['mapper']),
      filter: raw['filter'] ?? undefined,
      routes: [],
      branches: [],
      onError: [],
      connection: plainTextOf(parameters['__IMTCONN__']),
    };
    // The place in the map comes before the modules under this one.
    all.set(key, bare);
    const found: MakeModule = {
      ...bare,
      routes: elementsOf(raw['routes']).map((route) => makeModules(field(route, 'flow'), all)),
      branches: elementsOf(raw['branches']).map((branch) => ({
        raw: recordOf(branch),
        flow: makeModules(field(branch, 'flow'), all),
      })),
      onError: makeModules(raw['onerror'], all),
    };
    all.set(key, found);
    return found;
  });
}
