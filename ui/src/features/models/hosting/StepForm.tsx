/** One step of several: where one is, what is to be filled in, and the ways back and on. */
import { Link } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { asProblem } from "../../../lib/problem";
import { text } from "../../../lib/strings";
import { hostingText as words } from "../../../lib/words/hosting";
import { Button, buttonClass } from "../../../ui/Button";
import { STEPS, type Step } from "./wanted";

interface Props {
  step: Step;
  problem: unknown;
  /** Asked in front of all. */
  question: ReactNode;
  isPending: boolean;
  onBack?: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

export function StepForm(props: Props) {
  const { step, problem, isPending, onBack, onSubmit, children } = props;
  const heading = useFocusOnChange(step, Boolean(problem));
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
      {Boolean(problem) && <Refusal problem={problem} />}
      {children}
      <div className="flex flex-wrap justify-end gap-2 border-t pt-4">
        <Link to="/admin/models" className={`${buttonClass("quiet")} mr-auto`}>
          {text.cancel}
        </Link>
        {onBack && <Button onClick={onBack}>{words.back}</Button>}
        <Button type="submit" look="primary">
          {step === "review" ? words.create : words.next}
        </Button>
      </div>
      {props.question}
    </form>
  );
}

/** It has focus, wherever on the step the button was that it came of. */
function Refusal({ problem }: { problem: unknown }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem) box.current?.focus();
  }, [problem]);
  const { message, nextStep } = asProblem(problem);
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      className="rounded-xl border border-destructive/50 bg-card p-4 text-sm"
    >
      <p className="font-semibold">{message}</p>
      {nextStep && <p className="mt-1">{nextStep}</p>}
    </div>
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

/** Whoever can't see that the step has changed reads on from its heading, or from what is wrong. */
function useFocusOnChange(step: Step, hasProblem: boolean) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    if (!hasProblem) heading.current?.focus();
  }, [step, hasProblem]);
  return heading;
}
