/** Wakes the work on recorded deliveries. */
export interface DeliveryWork {
  wake(): void;
}

export const DeliveryWork = Symbol('DeliveryWork');
