/** A point in time, as people read it here. */
const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function Moment({ at }: { at: string }) {
  const moment = new Date(at);
  if (Number.isNaN(moment.valueOf())) return null;
  return <time dateTime={at}>{format.format(moment)}</time>;
}
