/** What fills a repository by itself: from where, when, and what came of it. */
import { useRef, useState } from "react";
import {
  type Pipeline,
  type Repository,
  type Run,
  usePipelines,
  useRunPipeline,
  useRuns,
} from "../../../api/repositories";
import { asProblem, asSentence, sentence } from "../../../lib/problem";
import { repositoryText } from "../../../lib/words/repositories";
import { Badge } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { Facts } from "../../../ui/Facts";
import { Menu } from "../../../ui/Menu";
import { Moment } from "../../../ui/Moment";
import { useNotices } from "../../../ui/Notices";
import { Failed, Loading } from "../../../ui/states";
import { type AskPipeline, usePipelineQuestions } from "./usePipelineQuestions";

const words = repositoryText.pipelines;

export function Pipelines({ repository }: { repository: Repository }) {
  const { data, error, isPending, refetch } = usePipelines(repository.repositoryId);
  const { ask, questions } = usePipelineQuestions(repository);
  const add = useRef<HTMLButtonElement>(null);
  return (
    <section aria-label={words.title} className="mt-8 flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0">
          <h2 className="text-lg font-semibold">{words.title}</h2>
          <p className="text-sm text-muted-foreground">{words.intro}</p>
        </div>
        {repository.mayChangePipelines && (
          <Button ref={add} onClick={() => ask("create", null, add)}>
            {words.add}
          </Button>
        )}
      </div>
      {isPending && <Loading what={words.loading} />}
      {error && !data && (
        <Failed title={words.failed} error={error} onRetry={() => void refetch()} />
      )}
      {data?.length === 0 && <p className="text-sm text-muted-foreground">{words.none}</p>}
      {data && data.length > 0 && (
        <ul aria-label={words.label} className="divide-y rounded-xl border bg-card">
          {data.map((pipeline) => (
            <li key={pipeline.id} className="px-4 py-3">
              <OnePipeline repository={repository} pipeline={pipeline} onAsk={ask} />
            </li>
          ))}
        </ul>
      )}
      {questions}
    </section>
  );
}

interface OneProps {
  repository: Repository;
  pipeline: Pipeline;
  onAsk: AskPipeline;
}

function OnePipeline({ repository, pipeline, onAsk }: OneProps) {
  const { repositoryId, mayChangePipelines } = repository;
  const { id, last } = pipeline;
  const [isOpen, setOpen] = useState(false);
  const menu = useRef<HTMLButtonElement>(null);
  return (
    <div className="flex items-start gap-2">
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <h3 className="font-medium">{id}</h3>
        <Facts facts={factsOf(pipeline)} />
        {last ? <OneRun run={last} /> : <p className="text-sm">{words.never}</p>}
        <div className="flex flex-wrap gap-2">
          {mayChangePipelines && <RunNow repositoryId={repositoryId} id={id} />}
          {last && (
            <Button look="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? words.hide : words.history}
            </Button>
          )}
        </div>
        {isOpen && <Runs repositoryId={repositoryId} id={id} />}
      </div>
      {mayChangePipelines && (
        <Menu
          label={words.actions(id)}
          triggerRef={menu}
          actions={[
            { label: words.edit, onSelect: () => onAsk("edit", pipeline, menu) },
            { label: words.remove, danger: true, onSelect: () => onAsk("remove", pipeline, menu) },
          ]}
        />
      )}
    </div>
  );
}

function factsOf({ source, collectionId, trigger, cron, autoRemove, next }: Pipeline) {
  return [
    { name: words.source, value: <code>{source}</code> },
    { name: words.collection, value: collectionId ?? words.standard },
    { name: words.trigger, value: trigger === "schedule" ? cron : words.triggers.event },
    { name: words.removes, value: autoRemove ? words.yes : words.no },
    { name: words.next, value: next ? <Moment at={next} /> : words.onChange },
  ];
}

function RunNow({ repositoryId, id }: { repositoryId: string; id: string }) {
  const run = useRunPipeline(repositoryId, id);
  const { notify } = useNotices();
  const begin = () =>
    run.mutate(undefined, {
      onSuccess: () => notify(words.willRun(id)),
      onError: (error) => notify(words.notRun(sentence(asProblem(error)))),
    });
  return <Button onClick={() => run.isPending || begin()}>{words.run}</Button>;
}

function Runs({ repositoryId, id }: { repositoryId: string; id: string }) {
  const { data, error, isPending, refetch } = useRuns(repositoryId, id);
  if (isPending) return <Loading what={words.loadingRuns} />;
  if (!data)
    return <Failed title={words.failedRuns} error={error} onRetry={() => void refetch()} />;
  return (
    <ol aria-label={words.runs(id)} className="flex flex-col gap-2 border-l-2 pl-3">
      {data.map((run) => (
        <li key={run.runId}>
          <OneRun run={run} />
        </li>
      ))}
    </ol>
  );
}

function OneRun({ run }: { run: Run }) {
  const { began, ended, added, changed, removed, failed, cause } = run;
  const isBad = Boolean(cause) || failed > 0;
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm">
      <Badge look={isBad ? "bad" : ended ? "good" : "plain"}>
        {isBad ? words.failedRun : ended ? words.done : words.running}
      </Badge>
      <span className="text-xs text-muted-foreground">
        <Moment at={began} />
      </span>
      <span>{words.counts(added, changed, removed, failed)}</span>
      {cause && <span className="text-destructive">{asSentence(cause)}</span>}
    </div>
  );
}
