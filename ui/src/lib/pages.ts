/** Joins the pages of a list; a row that moved between two reads appears once. */
export function joinPages<Row extends { id: string }>(pages: { items: Row[] }[]): Row[] {
  const rows = pages.flatMap((page) => page.items);
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
