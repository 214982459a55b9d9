/** The key that a gateway and an executor accept which were given none. For one machine only. */
export const developmentKey = 'mesh-dev-key';
