/** Numbers in rows; where the screen is narrow it scrolls by itself. */
import type { ReactNode } from "react";

interface Props<Row> {
  label: string;
  columns: { name: string; cell: (row: Row) => ReactNode }[];
  rows: Row[];
  keyOf: (row: Row) => string;
}

/** The first column names the row; the others are numbers. */
export function DataTable<Row>({ label, columns, rows, keyOf }: Props<Row>) {
  const [naming, ...numbers] = columns;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus no keyboard could scroll it
    <section aria-label={label} tabIndex={0} className="overflow-x-auto rounded-xl border bg-card">
      <table className="w-full text-sm">
        <caption className="sr-only">{label}</caption>
        <thead className="text-xs text-muted-foreground">
          <tr className="border-b">
            <th scope="col" className="px-3 py-2 text-left font-medium whitespace-nowrap">
              {naming?.name}
            </th>
            {numbers.map(({ name }) => (
              <th
                key={name}
                scope="col"
                className="px-3 py-2 text-right font-medium whitespace-nowrap"
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <th scope="row" className="min-w-32 px-3 py-2 text-left font-normal wrap-break-word">
                {naming?.cell(row)}
              </th>
              {numbers.map(({ name, cell }) => (
                <td key={name} className="px-3 py-2 text-right whitespace-nowrap tabular-nums">
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
