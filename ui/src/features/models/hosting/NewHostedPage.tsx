/** Makes a model that LISA runs, step by step. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { Engine, EngineName, HostKind } from "../../../api/hostedTypes";
import { useEngines, useHostModel } from "../../../api/hosting";
import type { NewModel } from "../../../api/models";
import { freshId } from "../../../lib/freshId";
import { text } from "../../../lib/strings";
import { hostingText as words } from "../../../lib/words/hosting";
import { buttonClass } from "../../../ui/Button";
import { useNotices } from "../../../ui/Notices";
import { PageHeader } from "../../../ui/PageHeader";
import { StepForm } from "../../../ui/StepForm";
import { Empty, Failed, Loading } from "../../../ui/states";
import { useLeaving } from "../../../ui/useLeaving";
import { emptyHosting, suggested } from "./hostingFields";
import { optionFields } from "./options";
import type { From } from "./SourceFields";
import { StepFields } from "./StepFields";
import { type Draft, STEPS, type Step, stepOf, wantedOf } from "./wanted";

export function NewHostedPage() {
  const { data, error, isPending, refetch } = useEngines();
  return (
    <>
      <PageHeader title={words.title} intro={words.intro} />
      {isPending && <Loading what={words.loading} />}
      {error && !data && (
        <Failed title={words.failed} error={error} onRetry={() => void refetch()} />
      )}
      {data && <Steps engines={data.engines} hosts={data.hosts} />}
    </>
  );
}

interface Offered {
  engines: Engine[];
  hosts: HostKind[];
}

function Steps({ engines, hosts }: Offered) {
  const [host] = hosts;
  const [engine] = engines;
  if (!host || !engine)
    return (
      <Empty title={words.noHostTitle} body={words.noHostBody}>
        <Link to="/admin/models/new" className={buttonClass("primary")}>
          {words.elsewhere}
        </Link>
      </Empty>
    );
  return <Wizard engines={engines} hosts={hosts} first={beginning(host, engine.name)} />;
}

const beginning = (host: HostKind, engine: EngineName): Draft => ({
  id: "",
  type: "textgen",
  description: "",
  groups: "",
  hosting: emptyHosting(host, engine),
});

function Wizard({ engines, hosts, first }: Offered & { first: Draft }) {
  const [draft, setDraft] = useState(first);
  const [from, setFrom] = useState<From>("catalogue");
  const [step, setStep] = useState<Step>("model");
  const [problem, setProblem] = useState<unknown>(null);
  const { create, isPending } = useCreation((error) => {
    setProblem(error);
    setStep(stepOf(error));
  });
  const question = useLeaving(JSON.stringify(draft) !== JSON.stringify(first));
  const at = STEPS.indexOf(step);
  const engine = engines.find(({ name }) => name === draft.hosting.engine);

  const read = () => wantedOf(draft, engine ? optionFields(engine) : []);
  const go = (to: Step) => {
    setProblem(null);
    setStep(to);
  };
  const goOn = () => {
    try {
      const wanted = read();
      if (step === "review") create(wanted);
      else go(STEPS[at + 1] ?? "review");
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <StepForm
      steps={STEPS}
      step={step}
      words={words}
      cancel={
        <Link to="/admin/models" className={buttonClass("quiet")}>
          {text.cancel}
        </Link>
      }
      problem={problem}
      question={question}
      isPending={isPending}
      onBack={at > 0 ? () => go(STEPS[at - 1] ?? "model") : undefined}
      onSubmit={goOn}
    >
      <StepFields
        step={step}
        draft={draft}
        engines={engines}
        hosts={hosts}
        from={from}
        onFrom={setFrom}
        onChange={(some) => setDraft({ ...draft, ...some })}
        onChoose={(entry) =>
          setDraft({
            ...draft,
            id: draft.id || nameOf(entry.id),
            type: entry.type,
            hosting: suggested(draft.hosting, entry),
          })
        }
      />
    </StepForm>
  );
}

const nameOf = (id: string) => (id.split("/").at(-1) ?? id).toLowerCase();

/** The same request is sent under the same key, so that it makes one model however often. */
function useCreation(onFailed: (error: unknown) => void) {
  const sent = useRef({ body: "", key: "" });
  const host = useHostModel();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const create = (wanted: NewModel) => {
    const body = JSON.stringify(wanted);
    if (body !== sent.current.body) sent.current = { body, key: freshId("make_") };
    host.mutate(
      { wanted, key: sent.current.key },
      {
        onError: onFailed,
        onSuccess: ({ model }) => {
          notify(words.begun(model.modelId));
          const params = { id: model.modelId };
          void navigate({ to: "/admin/models/$id", params, ignoreBlocker: true });
        },
      },
    );
  };
  return { create, isPending: host.isPending };
}
