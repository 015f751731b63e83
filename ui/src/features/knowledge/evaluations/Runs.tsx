/** What was measured, newest first. */
import { Link } from "@tanstack/react-router";
import { type Run, useRuns } from "../../../api/evaluations";
import { evaluationText } from "../../../lib/words/evaluations";
import { Badge } from "../../../ui/Badge";
import { Facts } from "../../../ui/Facts";
import { Moment } from "../../../ui/Moment";
import { PagedList } from "../../../ui/PagedList";
import { bestOf, placesOf } from "./measured";

const words = evaluationText.runs;

export function Runs() {
  return (
    <section aria-labelledby="runs">
      <h2 id="runs" className="mb-3 text-lg font-semibold">
        {words.title}
      </h2>
      <PagedList
        list={useRuns()}
        label={words.label}
        words={words}
        empty={<p className="text-sm text-muted-foreground">{words.empty}</p>}
        keyOf={idOf}
      >
        {(run) => <RunRow run={run} />}
      </PagedList>
    </section>
  );
}

const idOf = ({ runId }: Run) => runId;

function RunRow({ run }: { run: Run }) {
  const { runId, name, setName, isOver, done, total, created } = run;
  const best = bestOf(run);
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="min-w-0 font-medium">
          <Link
            to="/knowledge/evaluations/$runId"
            params={{ runId }}
            className="rounded underline-offset-2 hover:underline"
          >
            {name}
          </Link>
        </h3>
        <Badge look={isOver ? "good" : "plain"}>{isOver ? words.over : words.underWay}</Badge>
      </div>
      {!isOver && (
        <p className="text-xs text-muted-foreground">{evaluationText.run.asked(done, total)}</p>
      )}
      <Facts
        facts={[
          {
            name: words.best,
            value: best && words.bestOf(evaluationText.methods[best.method], best.recall),
          },
          { name: words.set, value: setName === name ? "" : setName },
          { name: words.collections, value: placesOf(run).join(", ") },
          { name: words.began, value: <Moment at={created} /> },
        ]}
      />
    </div>
  );
}
