// The tools
export { searchMessages } from './search-messages.js';
export { getMessage } from './get-message.js';
export { getThread } from './get-thread.js';
export { sendMessage } from './send-message.js';
export { createDraft } from './create-draft.js';
export { listDrafts } from './list-drafts.js';
export { sendDraft } from './send-draft.js';
export { deleteDraft } from './delete-draft.js';
export { listLabels } from './list-labels.js';
export { createLabel } from './create-label.js';
export { deleteLabel } from './delete-label.js';
export { labelMessage } from './label-message.js';
export { trashMessage } from './trash-message.js';
export { untrashMessage } from './untrash-message.js';

// How many requests they may make
export { limits } from './limits.js';
