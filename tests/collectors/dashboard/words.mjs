// Figures in words, written again from the rule and not from the page's code: decimal units and one
// digit, a small share never nothing.

export function bytes(n) {
  if (n < 1000) return `${n} B`;
  const units = ["kB", "MB", "GB", "TB", "PB", "EB"];
  let value = n;
  let unit = -1;
  do {
    value /= 1000;
    ++unit;
  } while (value >= 999.95 && unit < units.length - 1);
  return `${value.toFixed(1)} ${units[unit]}`;
}

export function percent(share) {
  if (share === null || share === undefined || Number.isNaN(share)) return "not known";
  if (share === 0) return "0 %";
  return share < 0.0005 ? "<0.1 %" : `${(share * 100).toFixed(1)} %`;
}

export function grouped(n) {
  return n.toLocaleString("en-US");
}
