/** What is known of a thing, name by name. */
import type { ReactNode } from "react";

export interface Fact {
  name: string;
  value: ReactNode;
}

export function Facts({ facts }: { facts: Fact[] }) {
  const known = facts.filter(({ value }) => value !== "" && value !== null && value !== undefined);
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 text-xs">
      {known.map(({ name, value }) => (
        <div key={name} className="flex min-w-0 gap-1.5">
          <dt className="shrink-0 text-muted-foreground">{name}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
