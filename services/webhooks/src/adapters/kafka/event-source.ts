/** The `source` of the events of this service. */
export const webhooksSource = '/services/webhooks';
