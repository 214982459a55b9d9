/** The gateway's connection to the rest of the mesh. */
export interface MeshLink {
  /** The reason, for people, why calls cannot be accepted yet. `undefined` when calls are accepted. */
  readonly missing: string | undefined;
}

export const MeshLink = Symbol('MeshLink');
