/** One step of several: where one is, what is to be filled in, and the ways back and on. */
import { Link } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { text } from "../../../lib/strings";
import { hostingText as words } from "../../../lib/words/hosting";
import { Button, buttonClass } from "../../../ui/Button";
import { FieldProblem } from "../../../ui/states";
import { STEPS, type Step } from "./wanted";

interface Props {
  step: Step;
  problem: unknown;
  isPending: boolean;
  onBack?: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

export function StepForm({ step, problem, isPending, onBack, onSubmit, children }: Props) {
  const heading = useFocusOnChange(step);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) onSubmit();
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-5">
      <Progress step={step} />
      <h2 ref={heading} tabIndex={-1} className="text-lg font-semibold">
        {words.steps[step]}
      </h2>
      {children}
      {Boolean(problem) && <FieldProblem error={problem} />}
      <div className="flex flex-wrap justify-end gap-2 border-t pt-4">
        <Link to="/admin/models" className={`${buttonClass("quiet")} mr-auto`}>
          {text.cancel}
        </Link>
        {onBack && <Button onClick={onBack}>{words.back}</Button>}
        <Button type="submit" look="primary">
          {step === "review" ? words.create : words.next}
        </Button>
      </div>
    </form>
  );
}

function Progress({ step }: { step: Step }) {
  const at = STEPS.indexOf(step);
  return (
    <div>
      <p className="text-xs text-muted-foreground sm:hidden">{words.step(at + 1, STEPS.length)}</p>
      <ol aria-label={words.progress} className="flex gap-2 text-xs max-sm:sr-only">
        {STEPS.map((each, n) => (
          <li
            key={each}
            aria-current={each === step ? "step" : undefined}
            className={`flex-1 border-t-2 pt-1.5 ${n <= at ? "border-primary" : "text-muted-foreground"} ${each === step ? "font-semibold" : ""}`}
          >
            {words.steps[each]}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Whoever can't see that the step has changed reads on from its heading. */
function useFocusOnChange(step: Step) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    heading.current?.focus();
  }, [step]);
  return heading;
}
