/** An installation's own colour, made readable on both themes. */
type Colour = readonly [number, number, number];

const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];
// What letters in this colour stand on, the darkest of a light theme and the lightest of a dark one.
const ON_LIGHT: Colour = [238, 238, 235];
const ON_DARK: Colour = [36, 40, 44];
const READABLE = 4.6;
const STEPS = 40;

function parsed(hex: string): Colour | null {
  const match = hex.match(/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i);
  if (!match) return null;
  const [red = 0, green = 0, blue = 0] = match.slice(1).map((part) => Number.parseInt(part, 16));
  return [red, green, blue];
}

const written = (colour: Colour) =>
  `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

function brightness(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [brightness(one), brightness(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The nearest to the colour, on the way to black or white, that can be read on the ground. */
function readable(colour: Colour, towards: Colour, ground: Colour): Colour {
  for (let step = 0; step < STEPS; step++) {
    const share = step / STEPS;
    const mixed = colour.map((part, at) => part + ((towards[at] ?? 0) - part) * share);
    const tried = mixed as unknown as Colour;
    if (contrast(tried, ground) >= READABLE) return tried;
  }
  return towards;
}

const inkOn = (colour: Colour) =>
  contrast(colour, WHITE) >= contrast(colour, BLACK) ? WHITE : BLACK;

/** The colour of each role, or nothing if it isn't a colour we can use. */
export function accentColours(accent: string): Record<string, string> {
  const colour = parsed(accent);
  if (!colour) return {};
  const light = readable(colour, BLACK, ON_LIGHT);
  const dark = readable(colour, WHITE, ON_DARK);
  const either = (one: Colour, other: Colour) => `light-dark(${written(one)}, ${written(other)})`;
  return {
    "--primary": either(light, dark),
    "--ring": either(light, dark),
    "--primary-foreground": either(inkOn(light), inkOn(dark)),
  };
}

export function applyAccent(accent: string): void {
  const { style } = document.documentElement;
  for (const [name, value] of Object.entries(accentColours(accent))) style.setProperty(name, value);
}
