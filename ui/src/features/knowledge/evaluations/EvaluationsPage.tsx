/** How well collections answer: golden sets, and what was measured with them. */
import { useRef } from "react";
import { evaluationText as words } from "../../../lib/words/evaluations";
import { Button } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import { PageHeader } from "../../../ui/PageHeader";
import { KnowledgeTabs } from "../KnowledgeTabs";
import { GoldenSets } from "./GoldenSets";
import { Runs } from "./Runs";
import { useSetQuestions } from "./useSetQuestions";

export function EvaluationsPage() {
  const { ask, questions } = useSetQuestions();
  const upload = useRef<HTMLButtonElement>(null);
  return (
    <>
      <PageHeader title={words.title} intro={words.intro}>
        <Button ref={upload} look="primary" onClick={() => ask("upload", null, upload)}>
          <Icon name="plus" />
          {words.sets.add}
        </Button>
      </PageHeader>
      <KnowledgeTabs />
      <div className="flex flex-col gap-8">
        <GoldenSets onAsk={ask} />
        <Runs />
      </div>
      {questions}
    </>
  );
}
