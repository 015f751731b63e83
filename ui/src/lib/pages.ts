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

/** Reads on where pages may hold fewer rows than asked for, until there are enough or no more. */
export async function readFull<Row>(
  read: (cursor: string) => Promise<Page<Row>>,
  cursor: string,
  enough: number,
): Promise<Page<Row>> {
  const items: Row[] = [];
  let next = cursor;
  do {
    const page = await read(next);
    items.push(...page.items);
    next = page.next_cursor;
  } while (next && items.length < enough);
  return { items, next_cursor: next };
}
