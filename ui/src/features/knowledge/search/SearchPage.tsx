/** A question to collections, and what it finds. */
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import { useCollections } from "../../../api/collections";
import { useSwitches } from "../../../api/configuration";
import { useSearchKnowledge } from "../../../api/knowledgeSearch";
import { searchText as words } from "../../../lib/words/knowledgeSearch";
import { Button, buttonClass } from "../../../ui/Button";
import { useNotices } from "../../../ui/Notices";
import { PageHeader } from "../../../ui/PageHeader";
import { Empty, Failed, FieldProblem, Loading } from "../../../ui/states";
import { KnowledgeTabs } from "../KnowledgeTabs";
import { Hits } from "./Hits";
import { QuestionFields } from "./QuestionFields";
import { type Fields, questionOf } from "./question";

export function SearchPage() {
  const isOn = useSwitches();
  return (
    <>
      <PageHeader title={words.title} intro={words.intro} />
      <KnowledgeTabs />
      {isOn("ragSelectionAvailable") ? (
        <Offered />
      ) : (
        <Empty title={words.offTitle} body={words.offBody} />
      )}
    </>
  );
}

function Offered(): ReactNode {
  const { data, error, isPending, refetch } = useCollections();
  const { in: wanted, ask } = useSearch({ from: "/knowledge/search" });
  if (isPending) return <Loading what={words.loading} />;
  if (!data) return <Failed title={words.failed} error={error} onRetry={() => void refetch()} />;
  const first = wanted ?? data[0]?.vectorStoreId;
  if (first) return <Asking key={`${wanted} ${ask}`} first={first} asked={ask} />;
  return (
    <Empty title={words.noneTitle} body={words.noneBody}>
      <Link to="/knowledge" className={buttonClass("primary")}>
        {words.toCollections}
      </Link>
    </Empty>
  );
}

function Asking({ first, asked = "" }: { first: string; asked?: string }) {
  const [fields, setFields] = useState<Fields>(() => ({
    text: asked,
    collections: first.split(","),
    mode: "hybrid",
    rerank: "",
    limit: "10",
    filters: "",
  }));
  const [problem, setProblem] = useState<unknown>(null);
  const search = useSearchKnowledge();
  const { announce } = useNotices();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (search.isPending) return;
    setProblem(null);
    try {
      search.mutate(questionOf(fields), {
        onSuccess: ({ hits }) => announce(words.found(hits.length)),
      });
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <div className="flex flex-col gap-6">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <QuestionFields fields={fields} onChange={setFields} />
        {Boolean(problem) && <FieldProblem error={problem} />}
        <Button
          type="submit"
          look="primary"
          className="self-start"
          disabled={fields.text.trim() === ""}
        >
          {search.isPending ? words.searching : words.search}
        </Button>
      </form>
      {search.error && <Failed title={words.searchFailed} error={search.error} />}
      {search.data && <Hits found={search.data} />}
    </div>
  );
}
