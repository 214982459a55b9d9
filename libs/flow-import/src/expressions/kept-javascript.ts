/** Methods that a draft may call on plain values: none of them changes its value or reads anything else. */
export const keptMethods = new Set(
  (
    'toLowerCase toUpperCase trim trimStart trimEnd split slice replace replaceAll includes startsWith endsWith substring join map ' +
    'filter find findIndex some every indexOf lastIndexOf match padStart padEnd concat flat flatMap reduce toFixed at charAt ' +
    'repeat test toString toISOString getTime getFullYear getMonth getDate getDay getHours getMinutes keys values'
  ).split(' '),
);

/** Global functions that a draft may call. */
export const keptGlobals = new Set(
  (
    'Object.keys Object.values Object.entries Object.fromEntries JSON.stringify JSON.parse Math.round Math.floor Math.ceil Math.abs ' +
    'Math.max Math.min Math.trunc Math.pow Number.isInteger Number.isNaN Array.isArray Array.from Number String Boolean parseInt ' +
    'parseFloat isNaN encodeURIComponent decodeURIComponent encodeURI decodeURI'
  ).split(' '),
);

/** Operators with two sides that a draft may have. */
export const keptOperators = new Set('=== !== == != < > <= >= + - * / % && || ??'.split(' '));
