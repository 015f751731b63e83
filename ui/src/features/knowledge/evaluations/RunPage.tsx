/** One run: how far it is, its figures, another run beside it, and what came of each question. */
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type ReactNode, useRef } from "react";
import { useRemoveRun, useRun, type WholeRun } from "../../../api/evaluations";
import { Problem } from "../../../lib/problem";
import { evaluationText } from "../../../lib/words/evaluations";
import { Button, buttonClass } from "../../../ui/Button";
import { Confirm } from "../../../ui/Confirm";
import { Facts } from "../../../ui/Facts";
import { Moment } from "../../../ui/Moment";
import { useNotices } from "../../../ui/Notices";
import { PageHeader } from "../../../ui/PageHeader";
import { PageTitle } from "../../../ui/PageTitle";
import { Empty, Failed, Loading } from "../../../ui/states";
import { useQuestions } from "../../../ui/useQuestions";
import { toldChunking } from "../chunking";
import { Comparison } from "./Comparison";
import { FiguresOf } from "./FiguresOf";
import { placesOf } from "./measured";
import { Outcomes } from "./Outcomes";
import { RunProgress } from "./RunProgress";

const words = evaluationText.run;
const FROM = "/knowledge/evaluations/$runId";

export function RunPage() {
  const { runId } = useParams({ from: FROM });
  const { data, error, isPending, refetch } = useRun(runId);
  if (error instanceof Problem && error.status === 404) return <Missing />;
  if (data) return <Opened key={data.runId} run={data} />;
  return (
    <>
      <PageHeader title={evaluationText.title} />
      {isPending ? (
        <Loading what={words.loading} />
      ) : (
        <Failed title={words.failed} error={error} onRetry={() => void refetch()} />
      )}
    </>
  );
}

const ToAll = ({ look }: { look: "quiet" | "primary" }) => (
  <Link to="/knowledge/evaluations" className={buttonClass(look)}>
    {words.all}
  </Link>
);

function Missing() {
  return (
    <>
      <PageTitle>{words.goneTitle}</PageTitle>
      <Empty as="h1" title={words.goneTitle} body={words.goneBody}>
        <ToAll look="primary" />
      </Empty>
    </>
  );
}

function Opened({ run }: { run: WholeRun }) {
  const navigate = useNavigate();
  const { with: other = "" } = useSearch({ from: FROM });
  const { runId, name } = run;
  const trigger = useRef<HTMLButtonElement>(null);
  const { ask, question } = useRunRemoval(run);
  const compare = (chosen: string) =>
    void navigate({
      to: FROM,
      params: { runId },
      search: chosen ? { with: chosen } : {},
      replace: true,
    });
  return (
    <>
      <PageHeader title={name}>
        <div className="flex flex-wrap gap-2">
          <ToAll look="quiet" />
          <Button ref={trigger} onClick={() => ask("remove", null, trigger)}>
            {words.remove}
          </Button>
        </div>
      </PageHeader>
      <div className="flex flex-col gap-8">
        <About run={run} />
        {run.isOver ? (
          <>
            <FiguresOf run={run} />
            <Comparison run={run} other={other} onChoose={compare} />
            <Outcomes run={run} />
          </>
        ) : (
          <RunProgress run={run} />
        )}
      </div>
      {question}
    </>
  );
}

function About({ run }: { run: WholeRun }) {
  const { setName, places, rerank, candidates, created } = run;
  const embedders = new Set(places.map(({ embeddingModel }) => embeddingModel));
  const cuts = new Set(places.map(({ chunking }) => toldChunking(chunking)));
  return (
    <Facts
      facts={[
        { name: evaluationText.runs.set, value: setName },
        { name: evaluationText.runs.collections, value: placesOf(run).join(", ") },
        { name: words.embedder, value: [...embedders].join(", ") },
        { name: words.chunking, value: [...cuts].join("; ") },
        { name: words.reranker, value: rerank && words.reranked(rerank, candidates) },
        { name: evaluationText.runs.began, value: <Moment at={created} /> },
      ]}
    />
  );
}

function useRunRemoval({ runId, name }: WholeRun): {
  ask: ReturnType<typeof useQuestions<"remove", null>>["ask"];
  question: ReactNode;
} {
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<"remove", null>();
  const remove = useRemoveRun(runId);
  const { notify } = useNotices();
  const navigate = useNavigate();
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notify(words.removed(name));
        closeGone();
        void navigate({ to: "/knowledge/evaluations" });
      },
    });
  const question = asked && (
    <Confirm
      words={words.removing}
      body={words.removing.body(name)}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={confirm}
      onClose={close}
      returnFocus={returnFocus}
    />
  );
  return { ask, question };
}
