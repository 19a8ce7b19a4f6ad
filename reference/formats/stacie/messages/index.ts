/** The messages of STACIE: their texts, shapes and values (section 3 of the STACIE digest). */
export { formatStacieMessage } from './format-message.js';
export * from './message.js';
export { StacieMessageError, type StacieMessageFault } from './message-error.js';
export { type ParseOptions, parseStacieAnswer, parseStacieMessage, parseStacieRequest } from './parse-message.js';
export { laxReadings, type StacieReadings, strictReadings } from './readings.js';
export { stacieSchemas } from './schemas.js';
