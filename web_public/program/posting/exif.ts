/**
 * Where and when does a photo say that it was taken? Read before it is shrunk, which takes that away. exifr reads the
 * file; what is believed is decided as the service does it (`nerirepo/photos/suggestion.py`), by the same table of cases.
 */

import { Exifr } from "exifr/src/core.mjs";
import "exifr/src/file-parsers/heif.mjs";
import "exifr/src/file-parsers/jpeg.mjs";
import "exifr/src/file-parsers/tiff.mjs";
import "exifr/src/segment-parsers/tiff-exif.mjs";
import { exifBlock } from "./exif_block";

export interface Claim {
  /** `accuracy_m`: by how much the camera itself says that it may be wrong; null where it says nothing. */
  place: { lat: number; lon: number; accuracy_m: number | null } | null;
  /** RFC 3339 with an offset. */
  takenAt: string | null;
}

type Directory = Record<number, unknown>;

const NOTHING: Claim = { place: null, takenAt: null };
const OPTIONS = {
  ifd0: true,
  exif: true,
  gps: true,
  // Tags as they were written: by number, text as text.
  translateKeys: false,
  translateValues: false,
  reviveValues: false,
  mergeOutput: false,
};

const [LAT_REF, LAT, LON_REF, LON, STATUS, DATUM, ERROR_RADIUS] = [1, 2, 3, 4, 9, 18, 31] as const;
const [WRITTEN, TAKEN, WRITTEN_OFFSET, TAKEN_OFFSET] = [0x132, 0x9003, 0x9010, 0x9011] as const;

/** Of which a phone's place differs by less than its own error. Tokyo's old one is off by 450 m. */
const DATUMS = ["", "WGS84", "JGD2000", "JGD2011", "JGD2024"];
/** What the contract takes as a radius. */
const LARGEST_RADIUS = 1_000_000;

/** Never throws: a file may say anything. */
export async function readClaim(content: ArrayBuffer): Promise<Claim> {
  try {
    const reader = new Exifr(OPTIONS);
    await reader.read(exifBlock(content));
    const { ifd0 = {}, exif = {}, gps } = ((await reader.parse()) ?? {}) as Record<string, Directory>;
    return { place: gps ? place(gps) : null, takenAt: taken(exif, ifd0) };
  } catch {
    return NOTHING;
  }
}

function place(gps: Directory): Claim["place"] {
  const lat = degrees(gps[LAT], gps[LAT_REF], "N", "S", 90);
  const lon = degrees(gps[LON], gps[LON_REF], "E", "W", 180);
  if (lat === null || lon === null || (lat === 0 && lon === 0)) return null; // 0,0 is a phone without a fix
  if (text(gps[STATUS]).toUpperCase() === "V") return null; // void: the receiver had lost its satellites
  const datum = text(gps[DATUM]).toUpperCase();
  if (!DATUMS.includes(datum.replace(/[\s_-]/g, ""))) return null;
  return { lat, lon, accuracy_m: radius(gps[ERROR_RADIUS]) };
}

function degrees(parts: unknown, ref: unknown, positive: string, negative: string, limit: number): number | null {
  if (!isNumbers(parts) || parts.length !== 3) return null;
  const [degrees, minutes, seconds] = parts as unknown as [number, number, number];
  const value = degrees + minutes / 60 + seconds / 3600;
  const letter = text(ref).toUpperCase();
  const isPossible = value >= 0 && value <= limit && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds < 60;
  if (!isPossible || (letter !== positive && letter !== negative)) return null; // NaN is not possible either
  return Math.round((letter === negative ? -value : value) * 1e6) / 1e6;
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function radius(claimed: unknown): number | null {
  const value: unknown = isNumbers(claimed) ? claimed[0] : claimed;
  return typeof value === "number" && value >= 0 && value <= LARGEST_RADIUS ? value : null;
}

function taken(exif: Directory, ifd0: Directory): string | null {
  return text(exif[TAKEN]) ? moment(exif[TAKEN], exif[TAKEN_OFFSET]) : moment(ifd0[WRITTEN], exif[WRITTEN_OFFSET]);
}

function moment(written: unknown, offset: unknown): string | null {
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text(written));
  if (!parts) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  // Whatever is no day of the calendar or no time of the clock comes back as another, or not at all.
  const read = new Date(`${local}Z`);
  const isReal = !Number.isNaN(read.getTime()) && read.toISOString().startsWith(local) && year !== "0000";
  return isReal ? local + zone(offset) : null;
}

/** Cameras without the tag write wall-clock time, and ours stand in Japan. */
function zone(offset: unknown): string {
  const said = /^([+-])(0\d|1[0-4]):([0-5]\d)$/.exec(text(offset));
  return said ? said[0] : "+09:00";
}

function text(value: unknown): string {
  const letters = value instanceof Uint8Array ? String.fromCharCode(...value) : value;
  return typeof letters === "string" ? letters.replace(/\0.*$/s, "").trim() : "";
}
