// Tools in the shapes of model vendors
export { project } from './project.js';
export { toolForms } from './projection.js';
export type { Difference, Projection, ToolForm } from './projection.js';
