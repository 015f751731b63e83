/** A text cut into what was looked for and what stands between. */
export interface Piece {
  at: number;
  said: string;
  isMatch: boolean;
}

export function marked(text: string, words: string): Piece[] {
  const wanted = words.split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [{ at: 0, said: text, isMatch: false }];
  const any = wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  let at = 0;
  return text.split(new RegExp(`(${any})`, "giu")).map((said, place) => {
    const piece = { at, said, isMatch: place % 2 === 1 };
    at += said.length;
    return piece;
  });
}
