// Numbers as the terminal writes them (collectors/report/text.h), so that page, report and summary
// read alike.

export function grouped(value: number): string {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

const UNITS = ["kB", "MB", "GB", "TB", "PB", "EB"] as const;

// Decimal units, one digit after the point: "6.4 MB".
export function bytes(value: number): string {
  if (value < 1000) return `${Math.round(value)} B`;
  let scaled = value / 1000;
  let unit = 0;
  while (scaled >= 999.95 && unit + 1 < UNITS.length) {
    scaled /= 1000;
    ++unit;
  }
  return `${scaled.toFixed(1)} ${UNITS[unit]}`;
}

// A share 0..1 in per cent; a small one is never rounded to nothing. null and what is no number
// are "not known".
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "not known";
  const value = 100 * share;
  if (value === 0) return "0 %";
  if (value < 0.05) return "<0.1 %";
  return `${value.toFixed(1)} %`;
}

// part / whole; null where there is no whole.
export function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

// "2025-06-02 09:04:58 UTC" of an RFC 3339 time, whatever the reader's zone; what is no time stays.
export function time(text: string | null | undefined, withDate = true): string {
  if (!text) return "not known";
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  const iso = date.toISOString();
  return `${withDate ? `${iso.slice(0, iso.indexOf("T"))} ` : ""}${iso.slice(iso.indexOf("T") + 1, iso.indexOf("T") + 9)}${withDate ? " UTC" : ""}`;
}

// A length of time in its largest sensible unit: "4 min 58 s", "3.2 days".
export function duration(seconds: number): string {
  const s = Math.abs(seconds);
  if (s < 60) return `${s < 10 && s % 1 !== 0 ? s.toFixed(1) : Math.round(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min${Math.round(s % 60) ? ` ${Math.round(s % 60)} s` : ""}`;
  if (s < 172800) return `${(s / 3600).toFixed(1)} h`;
  return `${(s / 86400).toFixed(1)} days`;
}

// An age of a database against the traffic it explains; negative means that it is newer.
export function age(days: number | null | undefined): string {
  if (days === null || days === undefined || !Number.isFinite(days)) return "age not known";
  const size = Math.abs(days);
  const text = size >= 365.25 ? `${(size / 365.25).toFixed(1)} years` : `${size.toFixed(0)} days`;
  return days < 0 ? `${text} newer than the traffic` : `${text} old`;
}
