/** A point in time on a page. */
import { momentText } from "../lib/moment";

export function Moment({ at }: { at: string }) {
  const told = momentText(at);
  return told && <time dateTime={at}>{told}</time>;
}
