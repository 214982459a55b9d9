/** The gateway's connection to the rest of the mesh. */
export interface MeshLink {
  /** What is still missing before calls can be taken, for people; `undefined` when nothing is. */
  readonly missing: string | undefined;
}

export const MeshLink = Symbol('MeshLink');
