/** What differs between before and after, value by value. */
import { changes } from "../lib/diff";
import { changeText } from "../lib/words/changes";

export function Changes({ before, after }: { before: unknown; after: unknown }) {
  const found = changes(before, after);
  if (found.length === 0) return <p className="text-xs text-muted-foreground">{changeText.none}</p>;
  return (
    <dl className="flex flex-col gap-1.5 text-xs">
      {found.map((change) => (
        <div key={change.path.join(".")}>
          <dt className="font-mono text-muted-foreground">{change.path.join(".")}</dt>
          <dd className="font-mono whitespace-pre-wrap">
            <Value what={changeText.before} value={change.before} tag="del" />
            {" → "}
            <Value what={changeText.after} value={change.after} tag="ins" />
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface ValueProps {
  what: string;
  value: unknown;
  tag: "del" | "ins";
}

function Value({ what, value, tag: Tag }: ValueProps) {
  const shown =
    value === undefined || value === null || value === ""
      ? changeText.nothing
      : typeof value === "string"
        ? value
        : JSON.stringify(value);
  return (
    <Tag className="no-underline">
      <span className="sr-only">{what} </span>
      {shown}
    </Tag>
  );
}
