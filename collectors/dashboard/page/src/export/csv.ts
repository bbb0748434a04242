// CSV as RFC 4180 asks: CRLF, a header line, fields quoted where they must be. Text that a
// spreadsheet would run as a formula is written as text: labels come from traffic.
//
// Pure functions.

export type CsvValue = string | number | null | undefined;

// What spreadsheets take for the start of a formula (OWASP, "CSV Injection"), also in full width and
// after leading blanks.
const FORMULA = /^[\s\u0000]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;

// An apostrophe in front makes it text for every spreadsheet; numbers are passed as numbers.
export function csvField(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  const lines = [header.map(csvField).join(",")];
  for (const row of rows) lines.push(row.map(csvField).join(","));
  return `${lines.join("\r\n")}\r\n`;
}
