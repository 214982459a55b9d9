/** The public address of the mesh, for controllers. Its value is a `PublicAddress`. */
export const ConnectAddress = Symbol('ConnectAddress');
