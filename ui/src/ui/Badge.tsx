/** One word about a thing's state. */
const LOOKS = {
  plain: "border-border text-muted-foreground",
  good: "border-primary/50 text-primary",
  bad: "border-destructive/50 text-destructive",
};

export function Badge({
  look = "plain",
  children,
}: {
  look?: keyof typeof LOOKS;
  children: string;
}) {
  return (
    <span className={`rounded-full border px-2 py-0.5 text-xs font-medium ${LOOKS[look]}`}>
      {children}
    </span>
  );
}
