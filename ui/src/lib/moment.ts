/** A point in time, as people read it here. */
const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Nothing for what is none. */
export function momentText(at: string): string {
  const moment = new Date(at);
  return Number.isNaN(moment.valueOf()) ? "" : format.format(moment);
}
