// The tools
export { searchContacts } from './search-contacts.js';
export { createContact } from './create-contact.js';
export { updateContact } from './update-contact.js';
export { archiveContact } from './archive-contact.js';
export { searchCompanies } from './search-companies.js';
export { createCompany } from './create-company.js';
export { updateCompany } from './update-company.js';
export { archiveCompany } from './archive-company.js';
export { searchDeals } from './search-deals.js';
export { createDeal } from './create-deal.js';
export { updateDeal } from './update-deal.js';
export { archiveDeal } from './archive-deal.js';
export { getContact } from './get-contact.js';
export { listOwners } from './list-owners.js';
export { associateRecords } from './associate-records.js';

// How many requests they may make
export { limits } from './limits.js';
