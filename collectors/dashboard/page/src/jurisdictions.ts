// Names of jurisdictions, from rules/jurisdiction by way of the build.
import { places } from "generated:places";

// What stands where a country's code would, in the words of the design.
const SPECIALS: Record<string, string> = {
  unknown: "Unknown",
  private: "Private addresses",
  reserved: "Reserved addresses",
  multicast: "Multicast",
  anycast: "Anycast",
};

const NAMES = new Map(places.map(([code, name]) => [code, name]));

// ISO writes "Korea, Republic of" for sorting; a reader reads it the other way round.
function spoken(name: string): string {
  const match = /^([^,]+), ([^,]+(?: of| of the))$/.exec(name);
  return match ? `${match[2]} ${match[1]}` : name;
}

// A readable name; a code that nobody knows stays as it is.
export function nameOf(code: string): string {
  const name = NAMES.get(code);
  return name !== undefined ? spoken(name) : SPECIALS[code] ?? code;
}

// True for a country's code, false for specials and for what is neither.
export function isJurisdiction(code: string): boolean {
  return NAMES.has(code);
}

export function isSpecial(code: string): boolean {
  return code in SPECIALS;
}

export const CODES: readonly string[] = places.map(([code]) => code);
