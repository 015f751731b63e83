/** The pages about knowledge; repositories are for those who keep them. */
import { Link, type LinkProps } from "@tanstack/react-router";
import { useMe } from "../../api/identity";
import { knowledgeText } from "../../lib/words/knowledge";

const words = knowledgeText.tabs;
const TAB =
  "flex min-h-9 items-center rounded-md px-3 text-sm hover:bg-muted " +
  "data-[status=active]:bg-muted data-[status=active]:font-semibold";

export function KnowledgeTabs() {
  const { data: me } = useMe(true);
  const keeps = me?.admin || me?.rag_admin;
  return (
    <nav
      aria-label={words.label}
      className="mb-4 flex w-fit max-w-full flex-wrap gap-1 rounded-lg border bg-card p-1"
    >
      <Tab to="/knowledge" name={words.collections} />
      <Tab to="/knowledge/search" name={words.search} />
      <Tab to="/knowledge/evaluations" name={words.evaluation} />
      {keeps && <Tab to="/knowledge/repositories" name={words.repositories} />}
    </nav>
  );
}

function Tab({ to, name }: { to: LinkProps["to"]; name: string }) {
  return (
    <Link to={to} activeOptions={{ exact: true, includeSearch: false }} className={TAB}>
      {name}
    </Link>
  );
}
