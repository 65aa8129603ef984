/** In which bytes of a file does its EXIF stand? exifr finds it in a JPEG; in the rest by what is here. */

/** "Exif\0\0" and then the byte order, as cameras write it. */
const MARKS = [
  [0x45, 0x78, 0x69, 0x66, 0, 0, 0x49, 0x49, 0x2a, 0],
  [0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 0x2a],
];
const MARK = 6;

/** The block without its mark; the whole file where exifr does better. Throws where a file ends too early. */
export function exifBlock(content: ArrayBuffer): ArrayBuffer {
  const view = new DataView(content);
  const name = (at: number) => String.fromCharCode(...new Uint8Array(content, at, 4));
  if (name(0) === "RIFF" && name(8) === "WEBP") {
    return inChunks(view, 12, (at) => ({
      name: name(at),
      from: at + 8,
      length: view.getUint32(at + 4, true),
      padded: true,
    }));
  }
  if (view.getUint32(0) === 0x89504e47) {
    return inChunks(view, 8, (at) => ({ name: name(at + 4), from: at + 8, length: view.getUint32(at), padded: false }));
  }
  // A HEIF's index leads there by ways of which exifr does not know all (it leaves out base offsets).
  return name(4) === "ftyp" ? marked(content) : content;
}

interface Chunk {
  name: string;
  from: number;
  length: number;
  /** To an even length, as in RIFF; a PNG's chunk has a checksum behind it. */
  padded: boolean;
}

function inChunks({ buffer, byteLength }: DataView, begin: number, read: (at: number) => Chunk): ArrayBuffer {
  for (let at = begin; at + 8 <= byteLength; ) {
    const { name, from, length, padded } = read(at);
    if (name.toLowerCase() === "exif") return marked((buffer as ArrayBuffer).slice(from, from + length));
    at = from + length + (padded ? length % 2 : 4);
  }
  throw new Error("no EXIF");
}

function marked(content: ArrayBuffer): ArrayBuffer {
  const bytes = new Uint8Array(content);
  for (let at = bytes.indexOf(0x45); at >= 0; at = bytes.indexOf(0x45, at + 1)) {
    if (MARKS.some((mark) => mark.every((byte, step) => bytes[at + step] === byte))) return content.slice(at + MARK);
  }
  return content;
}
