/** Lists that come page by page. */
export interface Page<Row> {
  items: Row[];
  next_cursor: string;
}

/** Joins the pages of a list; a row that moved between two reads appears once. */
export function joinPages<Row extends { id: string }>(pages: { items: Row[] }[]): Row[] {
  const rows = pages.flatMap((page) => page.items);
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** Reads on until enough rows are wanted ones, or there are no more. */
export async function readWanted<Row>(
  read: (cursor: string) => Promise<Page<Row>>,
  isWanted: (row: Row) => boolean,
  cursor: string,
  enough: number,
): Promise<Page<Row>> {
  const items: Row[] = [];
  let next = cursor;
  do {
    const page = await read(next);
    items.push(...page.items.filter(isWanted));
    next = page.next_cursor;
  } while (next && items.length < enough);
  return { items, next_cursor: next };
}
