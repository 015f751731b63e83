/** A run that isn't over: it is taken on while this is on the screen, unless somebody pauses it. */
import { useState } from "react";
import { type Run, useRunGoesOn } from "../../../api/evaluations";
import { evaluationText } from "../../../lib/words/evaluations";
import { Button } from "../../../ui/Button";
import { Progress } from "../../../ui/Progress";
import { Failed } from "../../../ui/states";

const words = evaluationText.run;

export function RunProgress({ run }: { run: Run }) {
  const { done, total } = run;
  const [isOn, setOn] = useState(true);
  const problem = useRunGoesOn(run, isOn);
  return (
    <section aria-label={words.progress} className="flex flex-col gap-3">
      <div className="rounded-xl border bg-card p-4 text-sm">
        <p className="mb-2 font-medium">{words.asked(done, total)}</p>
        <Progress label={words.progress} part={done / total} />
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <Button onClick={() => setOn(!isOn)}>{isOn ? words.pause : words.goOn}</Button>
          <p className="text-xs text-muted-foreground">{isOn ? words.stays : words.paused}</p>
        </div>
      </div>
      {isOn && Boolean(problem) && <Failed title={words.stopped} error={problem} />}
    </section>
  );
}
