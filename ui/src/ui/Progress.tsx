/** How far something is; without a part nobody knows yet. */
export function Progress({ label, part }: { label: string; part: number | null }) {
  return (
    <progress
      aria-label={label}
      value={part ?? undefined}
      max={1}
      className="h-1.5 w-full max-w-64 accent-primary"
    />
  );
}
