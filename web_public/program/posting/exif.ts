/** Where and when does a JPEG say that it was taken? Read before it is shrunk, which takes that away. */

export interface Claim {
  place: { lat: number; lon: number } | null;
  /** RFC 3339 with an offset. */
  takenAt: string | null;
}

const NOTHING: Claim = { place: null, takenAt: null };

const EXIF_POINTER = 0x8769;
const GPS_POINTER = 0x8825;
const TAKEN = 0x9003;
const TAKEN_OFFSET = 0x9011;

/** Never throws: a file may say anything. */
export function readClaim(content: ArrayBuffer): Claim {
  try {
    const tiff = findTiff(new DataView(content));
    return tiff ? new Tiff(tiff).claim() : NOTHING;
  } catch {
    return NOTHING;
  }
}

/** The EXIF block behind the marker APP1. */
function findTiff(file: DataView): DataView | null {
  if (file.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; file.getUint8(at) === 0xff && file.getUint8(at + 1) !== 0xda; ) {
    const length = file.getUint16(at + 2);
    const isExif = file.getUint8(at + 1) === 0xe1 && file.getUint32(at + 4) === 0x45786966;
    if (isExif) return new DataView(file.buffer, at + 10, length - 8);
    at += 2 + length;
  }
  return null;
}

type Directory = Map<number, number>;

class Tiff {
  private readonly little: boolean;

  constructor(private readonly view: DataView) {
    this.little = view.getUint16(0) === 0x4949;
  }

  claim(): Claim {
    const main = this.directory(this.long(4));
    const details = this.below(main, EXIF_POINTER);
    const gps = this.below(main, GPS_POINTER);
    return { place: gps && this.place(gps), takenAt: details && this.takenAt(details) };
  }

  private place(gps: Directory): Claim["place"] {
    const lat = this.degrees(gps, 2) * (this.text(gps, 1).startsWith("S") ? -1 : 1);
    const lon = this.degrees(gps, 4) * (this.text(gps, 3).startsWith("W") ? -1 : 1);
    const isPossible = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0);
    return isPossible ? { lat, lon } : null; // NaN is not possible either
  }

  private takenAt(details: Directory): string | null {
    const [day, time] = this.text(details, TAKEN).split(" ");
    const offset = this.text(details, TAKEN_OFFSET) || "+09:00";
    const moment = `${day?.replaceAll(":", "-")}T${time}${offset}`;
    return Number.isNaN(Date.parse(moment)) ? null : moment;
  }

  private degrees(directory: Directory, tag: number): number {
    const entry = directory.get(tag);
    if (entry === undefined) return NaN;
    const at = this.long(entry + 8);
    const [degrees, minutes, seconds] = [0, 8, 16].map((step) => this.long(at + step) / this.long(at + step + 4));
    return degrees! + minutes! / 60 + (seconds! || 0) / 3600;
  }

  private text(directory: Directory, tag: number): string {
    const entry = directory.get(tag);
    if (entry === undefined) return "";
    const length = this.long(entry + 4);
    const at = length <= 4 ? entry + 8 : this.long(entry + 8);
    const letters = Array.from({ length: Math.min(length, 40) }, (_, step) => this.view.getUint8(at + step));
    return String.fromCharCode(...letters).replace(/\0.*$/s, "").trim();
  }

  private below(directory: Directory, tag: number): Directory | null {
    const entry = directory.get(tag);
    return entry === undefined ? null : this.directory(this.long(entry + 8));
  }

  /** Tag to where its entry stands. */
  private directory(at: number): Directory {
    const entries = Math.min(this.view.getUint16(at, this.little), 200);
    const places = Array.from({ length: entries }, (_, index) => at + 2 + 12 * index);
    return new Map(places.map((place) => [this.view.getUint16(place, this.little), place]));
  }

  private long(at: number): number {
    return this.view.getUint32(at, this.little);
  }
}
