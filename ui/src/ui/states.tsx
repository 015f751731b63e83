/** What stands in the place of content: loading, nothing there, failed. */
import type { ReactNode } from "react";
import { asProblem } from "../lib/problem";
import { text } from "../lib/strings";
import { Button } from "./Button";

export function Loading({ what = text.loading }: { what?: string }) {
  return (
    <div role="status" className="py-10 text-center text-sm text-muted-foreground">
      <span className="motion-safe:animate-pulse">{what}</span>
    </div>
  );
}

interface EmptyProps {
  title: string;
  body: string;
  /** Where this is the whole page, its title is the page's. */
  as?: "h1" | "h2" | "h3";
  children?: ReactNode;
}

export function Empty({ title, body, as: Heading = "h2", children }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-xl border border-dashed px-6 py-14 text-center">
      <Heading className="text-lg font-semibold">{title}</Heading>
      <p className="max-w-prose text-sm text-muted-foreground">{body}</p>
      {children}
    </div>
  );
}

interface FailedProps {
  title: string;
  error: unknown;
  onRetry?: () => void;
}

export function Failed({ title, error, onRetry }: FailedProps) {
  const problem = asProblem(error);
  return (
    <div role="alert" className="rounded-xl border border-destructive/50 bg-card p-5">
      <p className="font-semibold">{title}</p>
      <p className="mt-1 text-sm">{problem.message}</p>
      <p className="text-sm text-muted-foreground">{problem.nextStep}</p>
      {problem.requestId && (
        <p className="mt-1 text-xs text-muted-foreground">{text.requestId(problem.requestId)}</p>
      )}
      {onRetry && (
        <Button className="mt-4" onClick={onRetry}>
          {text.retry}
        </Button>
      )}
    </div>
  );
}

/** A failure inside a form, beside what caused it. */
export function FieldProblem({ error, id }: { error: unknown; id?: string }) {
  const problem = asProblem(error);
  return (
    <p id={id} role="alert" className="mt-2 text-sm text-destructive">
      {problem.message} {problem.nextStep}
    </p>
  );
}
