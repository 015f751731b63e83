/** Adds a tool server, or changes one. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import {
  type ToolServer,
  useChangeToolServer,
  useCreateToolServer,
  useToolServer,
} from "../../api/toolServers";
import { Problem } from "../../lib/problem";
import { toolText } from "../../lib/words/tools";
import { buttonClass } from "../../ui/Button";
import { useNotices } from "../../ui/Notices";
import { PageHeader } from "../../ui/PageHeader";
import { PageTitle } from "../../ui/PageTitle";
import { Empty, Failed, FieldProblem, Loading } from "../../ui/states";
import { emptyFields, fieldsOf, wanted } from "./fields";
import { ToolServerForm } from "./ToolServerForm";

const words = toolText.form;

function useDone(said: (name: string) => string) {
  const navigate = useNavigate();
  const { notify } = useNotices();
  return ({ name }: ToolServer) => {
    notify(said(name));
    void navigate({ to: "/tools" });
  };
}

export function NewToolServerPage() {
  const [fields, setFields] = useState(emptyFields);
  const create = useCreateToolServer();
  const onSuccess = useDone(toolText.added);
  return (
    <>
      <PageHeader title={words.titleNew} />
      <ToolServerForm
        fields={fields}
        onChange={setFields}
        submit={words.create}
        isPending={create.isPending}
        onSubmit={() => create.mutate(wanted(fields), { onSuccess })}
      >
        {create.error && <FieldProblem error={create.error} />}
      </ToolServerForm>
    </>
  );
}

export function EditToolServerPage() {
  const { id } = useSearch({ from: "/tools/edit" });
  const { data, error, isPending, refetch } = useToolServer(id);
  if (error instanceof Problem && error.status === 404) return <Missing />;
  if (!data)
    return (
      <>
        <PageHeader title={words.titleSome} />
        {isPending ? (
          <Loading what={words.loading} />
        ) : (
          <Failed title={words.failed} error={error} onRetry={() => void refetch()} />
        )}
      </>
    );
  return <Editing key={`${data.id} ${data.version}`} server={data} />;
}

function Missing() {
  return (
    <>
      <PageTitle>{words.goneTitle}</PageTitle>
      <Empty as="h1" title={words.goneTitle} body={words.goneBody}>
        <Link to="/tools" className={buttonClass("primary")}>
          {words.all}
        </Link>
      </Empty>
    </>
  );
}

function Editing({ server }: { server: ToolServer }) {
  const [fields, setFields] = useState(() => fieldsOf(server));
  const change = useChangeToolServer(server.id);
  const onSuccess = useDone(toolText.changed);
  const save = () =>
    change.mutate(
      { wanted: wanted(fields, server.credentials), version: server.version },
      { onSuccess },
    );
  return (
    <>
      <PageHeader title={words.titleEdit(server.name)} />
      <ToolServerForm
        fields={fields}
        onChange={setFields}
        submit={words.save}
        isPending={change.isPending}
        onSubmit={save}
      >
        {change.error && <FieldProblem error={change.error} />}
      </ToolServerForm>
    </>
  );
}
