/** The part of WebAssembly's interface that the kernel needs; the types of Node.js leave it out. */

/** Compiled code, which may be sent to another thread. */
export interface WasmModule {
  readonly [compiled]: never;
}
declare const compiled: unique symbol;

interface WebAssemblyInterface {
  readonly Module: new (octets: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule) => { readonly exports: unknown };
}

export const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface })
  .WebAssembly;
