/** Somebody's golden sets. */
import { useRef } from "react";
import { type GoldenSet, useGoldenSets } from "../../../api/evaluations";
import { evaluationText } from "../../../lib/words/evaluations";
import { Button } from "../../../ui/Button";
import { Facts } from "../../../ui/Facts";
import { Menu } from "../../../ui/Menu";
import { Moment } from "../../../ui/Moment";
import { PagedList } from "../../../ui/PagedList";
import { Empty } from "../../../ui/states";
import type { AskSet } from "./useSetQuestions";

const words = evaluationText.sets;

export function GoldenSets({ onAsk }: { onAsk: AskSet }) {
  return (
    <section aria-labelledby="golden-sets">
      <h2 id="golden-sets" className="mb-3 text-lg font-semibold">
        {words.title}
      </h2>
      <PagedList
        list={useGoldenSets()}
        label={words.label}
        words={words}
        empty={<Empty as="h3" title={words.emptyTitle} body={words.emptyBody} />}
        keyOf={idOf}
      >
        {(set) => <SetRow set={set} onAsk={onAsk} />}
      </PagedList>
    </section>
  );
}

const idOf = ({ setId }: GoldenSet) => setId;

function SetRow({ set, onAsk }: { set: GoldenSet; onAsk: AskSet }) {
  const trigger = useRef<HTMLButtonElement>(null);
  const start = useRef<HTMLButtonElement>(null);
  const { name, description, licence, total, created } = set;
  return (
    <div className="flex flex-wrap items-start justify-end gap-2">
      <div className="flex min-w-48 flex-1 flex-col gap-1.5">
        <h3 className="font-medium">{name}</h3>
        {description && <p className="text-sm text-muted-foreground">{description}</p>}
        <Facts
          facts={[
            { name: words.size, value: evaluationText.questions(total) },
            { name: words.made, value: <Moment at={created} /> },
            { name: words.licence, value: licence },
          ]}
        />
      </div>
      <Button ref={start} aria-label={words.runOf(name)} onClick={() => onAsk("start", set, start)}>
        {words.run}
      </Button>
      <Menu
        label={words.actions(name)}
        triggerRef={trigger}
        actions={[
          { label: words.show, onSelect: () => onAsk("show", set, trigger) },
          { label: words.remove, danger: true, onSelect: () => onAsk("remove", set, trigger) },
        ]}
      />
    </div>
  );
}
