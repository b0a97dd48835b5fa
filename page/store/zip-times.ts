/** The signatures of a zip's parts, the sizes of their fixed fields, and where in them is what is read. */
const END = 0x06054b50;
const END_LENGTH = 22;
const ENTRY = 0x02014b50;
const ENTRY_LENGTH = 46;

/**
 * When the files of a zip were written, in milliseconds since 1970, by their paths. A zip has no time zone: they are in
 * this machine's, to two seconds. fflate, which reads the files, does not read their times.
 *
 * @param bytes of a zip that can be read (PKWARE's APPNOTE.TXT, 4.3.12 and 4.4.6)
 */
export function timesIn(bytes: Uint8Array): ReadonlyMap<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const times = new Map<string, number>();
  let end = bytes.length - END_LENGTH;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) return times;
  let at = view.getUint32(end + 16, true);
  while (at + ENTRY_LENGTH <= end && view.getUint32(at, true) === ENTRY) {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const path = new TextDecoder().decode(bytes.subarray(at + ENTRY_LENGTH, at + ENTRY_LENGTH + name));
    times.set(path, timeOf(view.getUint16(at + 14, true), view.getUint16(at + 12, true)));
    at += ENTRY_LENGTH + name + extra + comment;
  }
  return times;
}

/** A date and a time as MS-DOS counted them. */
function timeOf(date: number, time: number): number {
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31];
  return new Date(year, month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2).getTime();
}
