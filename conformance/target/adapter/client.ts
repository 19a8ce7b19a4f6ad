/** What others import of this folder to reach an adapter: session.ts says what a client is, the rest how one is had. */
export { type ConnectOptions, connectAdapter, connectOperations } from './connect.js';
export { AdapterFault, type AdapterFaultKind } from './fault.js';
export type { AdapterAnswer, AdapterHello } from './messages.js';
export { type AdapterProcessOptions, startAdapterProcess } from './process.js';
export type { AdapterClient, CallOptions } from './session.js';
