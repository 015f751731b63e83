/** What the page and the worker that colours code say to each other. */
export const THEMES = ["github-light-high-contrast", "github-dark-high-contrast"] as const;

export interface Token {
  content: string;
  /** A colour for each of our themes. */
  color: string;
}

export interface ColourRequest {
  id: number;
  code: string;
  language: string;
}

export interface Coloured {
  id: number;
  /** Nothing where it couldn't be coloured. */
  tokens: Token[][] | null;
}
