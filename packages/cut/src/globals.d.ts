// The pure globals that this package uses; it can name no others (tsconfig: lib es2023, no types).
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare function atob(base64: string): string;
declare namespace WebAssembly {
  const Module: new (code: Uint8Array) => object;
  class Instance {
    constructor(module: object);
    readonly exports: unknown;
  }
}
