/** Adds a model. */
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCreateModel } from "../../api/models";
import { modelText } from "../../lib/words/models";
import { useNotices } from "../../ui/Notices";
import { PageHeader } from "../../ui/PageHeader";
import { FieldProblem } from "../../ui/states";
import { emptyFields, wanted } from "./fields";
import { ModelForm } from "./ModelForm";

const words = modelText.form;

export function NewModelPage() {
  const [fields, setFields] = useState(emptyFields);
  const create = useCreateModel();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const add = () =>
    create.mutate(wanted(fields), {
      onSuccess: ({ model }) => {
        notify(modelText.added(model.modelId));
        void navigate({ to: "/admin/models" });
      },
    });
  return (
    <>
      <PageHeader title={words.titleNew} />
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
    </>
  );
}
