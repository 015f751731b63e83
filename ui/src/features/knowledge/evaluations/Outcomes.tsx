/** What came of each question: at which rank each method found what was sought. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Outcome, Tried, WholeRun } from "../../../api/evaluations";
import { evaluationText } from "../../../lib/words/evaluations";
import { Button, buttonClass } from "../../../ui/Button";
import { Facts } from "../../../ui/Facts";
import { useNotices } from "../../../ui/Notices";
import { Segments } from "../../../ui/Segments";
import { chosenOf, placesOf, type Which } from "./measured";
import { Sought } from "./Sought";

const words = evaluationText.outcomes;
const SHOWS = (["missed", "allMissed", "all"] as const).map((value) => ({
  value,
  label: words.shows[value],
}));
const PAGE = 25;

export function Outcomes({ run }: { run: WholeRun }) {
  const [which, setWhich] = useState<Which>("missed");
  const [most, setMost] = useState(PAGE);
  const { announce } = useNotices();
  const chosen = chosenOf(run.outcomes, run.methods, which);
  const choose = (next: Which) => {
    setWhich(next);
    setMost(PAGE);
    announce(words.shown(chosenOf(run.outcomes, run.methods, next).length));
  };
  return (
    <section aria-label={words.title}>
      <h2 className="mb-3 text-lg font-semibold">{words.title}</h2>
      <Segments label={words.show} value={which} options={SHOWS} onChange={choose} />
      {chosen.length === 0 && (
        <p className="text-sm text-muted-foreground">
          {which === "allMissed" ? words.noneAll : words.none}
        </p>
      )}
      {chosen.length > 0 && (
        <ol aria-label={words.label} className="divide-y rounded-xl border bg-card">
          {chosen.slice(0, most).map((outcome) => (
            <li key={outcome.number} className="px-4 py-3">
              <OneOutcome run={run} outcome={outcome} />
            </li>
          ))}
        </ol>
      )}
      {chosen.length > most && (
        <div className="mt-4 text-center">
          <Button onClick={() => setMost(most + PAGE)}>{words.more}</Button>
        </div>
      )}
    </section>
  );
}

function OneOutcome({ run, outcome }: { run: WholeRun; outcome: Outcome }) {
  const { number, question, relevant, tried } = outcome;
  return (
    <div className="flex flex-wrap items-start justify-end gap-2">
      <div className="flex min-w-48 flex-1 flex-col gap-1.5">
        <h3 className="text-sm font-medium">
          {words.number(number + 1)} {question}
        </h3>
        <Facts
          facts={run.methods.map((method) => ({
            name: evaluationText.methods[method],
            value: <Found tried={tried[method]} />,
          }))}
        />
        <Sought label={words.sought} relevant={relevant} />
      </div>
      <Link
        to="/knowledge/search"
        search={{ in: placesOf(run).join(","), ask: question }}
        aria-label={words.tryThis(question)}
        className={buttonClass()}
      >
        {words.tryIt}
      </Link>
    </div>
  );
}

function Found({ tried }: { tried: Tried | undefined }) {
  const [first, ...more] = tried?.ranks ?? [];
  if (!tried || first === undefined)
    return <span className="text-destructive">{words.notFound}</span>;
  return more.length === 0 && tried.relevant === 1
    ? words.rank(first)
    : words.ranks(tried.ranks.join(", "), tried.relevant);
}
