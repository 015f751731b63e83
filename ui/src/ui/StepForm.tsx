/** One step of several: where one is, what is to be filled in, and the ways back and on. */
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { asProblem } from "../lib/problem";
import { Button } from "./Button";

interface Props<Step extends string> {
  steps: readonly Step[];
  step: Step;
  words: {
    steps: Record<Step, string>;
    step: (at: number, all: number) => string;
    progress: string;
    back: string;
    next: string;
    create: string;
  };
  /** The way out. */
  cancel: ReactNode;
  problem: unknown;
  /** Asked in front of all. */
  question?: ReactNode;
  isPending: boolean;
  onBack?: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

export function StepForm<Step extends string>(props: Props<Step>) {
  const { steps, step, words, problem, isPending, onBack, onSubmit } = props;
  const heading = useFocusOnChange(step, Boolean(problem));
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) onSubmit();
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-5">
      <Progress steps={steps} step={step} words={words} />
      <h2 ref={heading} tabIndex={-1} className="text-lg font-semibold">
        {words.steps[step]}
      </h2>
      {Boolean(problem) && <Refusal problem={problem} />}
      {props.children}
      <div className="flex flex-wrap justify-end gap-2 border-t pt-4">
        <div className="mr-auto">{props.cancel}</div>
        {onBack && <Button onClick={onBack}>{words.back}</Button>}
        <Button type="submit" look="primary">
          {step === steps.at(-1) ? words.create : words.next}
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

type Steps<Step extends string> = Pick<Props<Step>, "steps" | "step" | "words">;

function Progress<Step extends string>({ steps, step, words }: Steps<Step>) {
  const at = steps.indexOf(step);
  return (
    <div>
      <p className="text-xs text-muted-foreground sm:hidden">{words.step(at + 1, steps.length)}</p>
      <ol aria-label={words.progress} className="flex gap-2 text-xs max-sm:sr-only">
        {steps.map((each, n) => (
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
function useFocusOnChange(step: string, hasProblem: boolean) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    if (!hasProblem) heading.current?.focus();
  }, [step, hasProblem]);
  return heading;
}
