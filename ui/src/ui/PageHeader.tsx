/** What a page is, in its tab and at its top, with what one can begin there. */
import type { ReactNode } from "react";
import { PageTitle } from "./PageTitle";

interface Props {
  title: string;
  intro?: string;
  children?: ReactNode;
}

export function PageHeader({ title, intro, children }: Props) {
  return (
    <div className="mb-6 flex flex-wrap items-center justify-between gap-4">
      <PageTitle>{title}</PageTitle>
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold">{title}</h1>
        {intro && <p className="mt-1 text-sm text-muted-foreground">{intro}</p>}
      </div>
      {children}
    </div>
  );
}
