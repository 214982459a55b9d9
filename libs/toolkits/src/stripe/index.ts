// The tools
export { createCustomer } from './create-customer.js';
export { getCustomer } from './get-customer.js';
export { updateCustomer } from './update-customer.js';
export { listCustomers } from './list-customers.js';
export { searchCustomers } from './search-customers.js';
export { createPaymentIntent } from './create-payment-intent.js';
export { getPaymentIntent } from './get-payment-intent.js';
export { cancelPaymentIntent } from './cancel-payment-intent.js';
export { createRefund } from './create-refund.js';
export { listCharges } from './list-charges.js';
export { createInvoiceItem } from './create-invoice-item.js';
export { createInvoice } from './create-invoice.js';
export { finalizeInvoice } from './finalize-invoice.js';
export { listInvoices } from './list-invoices.js';

// How many requests they may make
export { limits } from './limits.js';
