/** Adds a model. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCreateModel } from "../../api/models";
import { hostingText } from "../../lib/words/hosting";
import { modelText } from "../../lib/words/models";
import { buttonClass } from "../../ui/Button";
import { useNotices } from "../../ui/Notices";
import { PageHeader } from "../../ui/PageHeader";
import { FieldProblem } from "../../ui/states";
import { useLeaving } from "../../ui/useLeaving";
import { emptyFields, wanted } from "./fields";
import { ModelForm } from "./ModelForm";

const words = modelText.form;

export function NewModelPage() {
  const [fields, setFields] = useState(emptyFields);
  const question = useLeaving(JSON.stringify(fields) !== JSON.stringify(emptyFields()));
  const create = useCreateModel();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const add = () =>
    create.mutate(wanted(fields), {
      onSuccess: ({ model }) => {
        notify(modelText.added(model.modelId));
        void navigate({ to: "/admin/models", ignoreBlocker: true });
      },
    });
  return (
    <>
      <PageHeader title={words.titleNew}>
        <Link to="/admin/models/new/hosted" className={buttonClass()}>
          {hostingText.here}
        </Link>
      </PageHeader>
      <ModelForm
        fields={fields}
        onChange={setFields}
        isNew
        submit={words.create}
        isPending={create.isPending}
        onSubmit={add}
      >
        {create.error && <FieldProblem error={create.error} />}
      </ModelForm>
      {question}
    </>
  );
}
