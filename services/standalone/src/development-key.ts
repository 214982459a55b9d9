/** The key that a gateway accepts which was given none. For one machine only. */
export const developmentKey = 'mesh-dev-key';
