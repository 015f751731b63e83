/** Makes a repository, step by step. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCreateRepository } from "../../../api/repositories";
import { listed } from "../../../lib/listed";
import { text } from "../../../lib/strings";
import { repositoryText } from "../../../lib/words/repositories";
import { buttonClass } from "../../../ui/Button";
import { useNotices } from "../../../ui/Notices";
import { PageHeader } from "../../../ui/PageHeader";
import { StepForm } from "../../../ui/StepForm";
import { chunkingOf, toldChunking } from "../chunking";
import { AccessFields, ChunkingPart, EmbedderFields } from "./FieldParts";
import { EMPTY, type Fields, STEPS, type Step, toldWanted, wantedOf } from "./fields";
import { StoreFields, useOffered } from "./StoreFields";
import { toldOptions } from "./storeOptions";

const words = repositoryText.form;

export function NewRepositoryPage() {
  const [fields, setFields] = useState(EMPTY);
  const [step, setStep] = useState<Step>("store");
  const create = useCreateRepository();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const at = STEPS.indexOf(step);
  const go = (to: Step) => {
    create.reset();
    setStep(to);
  };
  const submit = () => {
    if (step !== "review") return go(STEPS[at + 1] ?? "review");
    create.mutate(wantedOf(fields), {
      onSuccess: ({ name, repositoryId }) => {
        notify(repositoryText.begun(name));
        void navigate({ to: "/knowledge/repositories/$repositoryId", params: { repositoryId } });
      },
    });
  };
  return (
    <>
      <PageHeader title={words.titleNew} />
      <StepForm
        steps={STEPS}
        step={step}
        words={words}
        problem={create.error}
        isPending={create.isPending}
        onBack={at > 0 ? () => go(STEPS[at - 1] ?? "store") : undefined}
        onSubmit={submit}
        cancel={
          <Link to="/knowledge/repositories" className={buttonClass("quiet")}>
            {text.cancel}
          </Link>
        }
      >
        <Part step={step} fields={fields} onChange={(some) => setFields({ ...fields, ...some })} />
      </StepForm>
    </>
  );
}

interface Props {
  step: Step;
  fields: Fields;
  onChange: (some: Partial<Fields>) => void;
}

function Part({ step, ...given }: Props) {
  switch (step) {
    case "store":
      return <StoreFields {...given} />;
    case "embedder":
      return <EmbedderFields {...given} />;
    case "chunking":
      return <ChunkingPart {...given} />;
    case "access":
      return <AccessFields {...given} />;
    case "review":
      return <Review fields={given.fields} />;
  }
}

function Review({ fields }: { fields: Fields }) {
  const offered = useOffered(fields);
  const chosen = fields.where === "made" && offered ? toldOptions(offered, fields.options) : [];
  const lines = [
    [words.id, fields.id],
    [words.name, fields.name],
    [repositoryText.store, toldWanted(fields)],
    ...chosen,
    [words.credentials, fields.where === "there" ? fields.credentials : ""],
    [words.model, fields.model || words.modelLater],
    [repositoryText.chunking, toldChunking(chunkingOf(fields.chunking))],
    [words.groups, listed(fields.groups).join(", ") || repositoryText.everybody],
    [words.tags, listed(fields.tags).join(", ")],
  ];
  return (
    <section aria-label={words.review} className="rounded-xl border bg-card p-4">
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2 text-sm max-sm:gap-x-4">
        {lines.map(
          ([name, value]) =>
            value && (
              <div key={name} className="contents">
                <dt className="text-muted-foreground max-sm:max-w-32">{name}</dt>
                <dd className="min-w-0">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
