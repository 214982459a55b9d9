// The tools
export { listCalendars } from './list-calendars.js';
export { listEvents } from './list-events.js';
export { getEvent } from './get-event.js';
export { createEvent } from './create-event.js';
export { updateEvent } from './update-event.js';
export { deleteEvent } from './delete-event.js';
export { quickAddEvent } from './quick-add-event.js';
export { listInstances } from './list-instances.js';
export { moveEvent } from './move-event.js';
export { findFreeTime } from './find-free-time.js';

// How many requests they may make
export { limits } from './limits.js';
