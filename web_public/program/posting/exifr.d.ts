/** The parts of exifr that are used here; its own types know only its ready-made bundles. */
declare module "exifr/src/core.mjs" {
  export class Exifr {
    constructor(options: Record<string, unknown>);
    read(content: ArrayBuffer): Promise<void>;
    parse(): Promise<unknown>;
  }
}
declare module "exifr/src/file-parsers/*";
declare module "exifr/src/segment-parsers/*";
