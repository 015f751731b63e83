/** One repository: how it is, what fills it; and its fields. */
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import {
  isUsable,
  type Repository,
  useChangeRepository,
  useRepository,
} from "../../../api/repositories";
import { Problem } from "../../../lib/problem";
import { text } from "../../../lib/strings";
import { repositoryText as words } from "../../../lib/words/repositories";
import { Button, buttonClass } from "../../../ui/Button";
import { useNotices } from "../../../ui/Notices";
import { PageHeader } from "../../../ui/PageHeader";
import { PageTitle } from "../../../ui/PageTitle";
import { Empty, Failed, FieldProblem, Loading } from "../../../ui/states";
import { About } from "./About";
import { AccessFields, ChunkingPart, NameField } from "./FieldParts";
import { changeOf, fieldsOf } from "./fields";
import { Making } from "./Making";
import { Pipelines } from "./Pipelines";
import { useRepositoryRemoval } from "./useRepositoryRemoval";

export function RepositoryPage() {
  const { repositoryId } = useParams({
    from: "/keepers of repositories/knowledge/repositories/$repositoryId",
  });
  return <Read id={repositoryId}>{(repository) => <Opened repository={repository} />}</Read>;
}

export function EditRepositoryPage() {
  const { repositoryId } = useParams({
    from: "/keepers of repositories/knowledge/repositories/$repositoryId/edit",
  });
  return <Read id={repositoryId}>{(repository) => <Editing repository={repository} />}</Read>;
}

interface ReadProps {
  id: string;
  children: (repository: Repository) => ReactNode;
}

function Read({ id, children }: ReadProps) {
  const { data, error, isPending, refetch } = useRepository(id);
  if (error instanceof Problem && error.status === 404) return <Missing />;
  if (data) return children(data);
  return (
    <>
      <PageHeader title={id} />
      {isPending ? (
        <Loading what={words.loadingOne} />
      ) : (
        <Failed title={words.failedOne} error={error} onRetry={() => void refetch()} />
      )}
    </>
  );
}

function Missing() {
  return (
    <>
      <PageTitle>{words.goneTitle}</PageTitle>
      <Empty as="h1" title={words.goneTitle} body={words.goneBody}>
        <Link to="/knowledge/repositories" className={buttonClass("primary")}>
          {words.all}
        </Link>
      </Empty>
    </>
  );
}

function Opened({ repository }: { repository: Repository }) {
  const { name, repositoryId, mayChange, mayDelete } = repository;
  const trigger = useRef<HTMLButtonElement>(null);
  const { ask, question } = useRepositoryRemoval();
  return (
    <>
      <PageHeader title={name}>
        <div className="flex flex-wrap gap-2">
          <Link to="/knowledge/repositories" className={buttonClass("quiet")}>
            {words.all}
          </Link>
          {mayChange && (
            <Link
              to="/knowledge/repositories/$repositoryId/edit"
              params={{ repositoryId }}
              className={buttonClass()}
            >
              {words.edit}
            </Link>
          )}
          {mayDelete && (
            <Button ref={trigger} onClick={() => ask(repository, trigger)}>
              {words.remove}
            </Button>
          )}
        </div>
      </PageHeader>
      <About repository={repository} />
      <Making repository={repository} />
      {isUsable(repository) && <Pipelines repository={repository} />}
      {question}
    </>
  );
}

function Editing({ repository }: { repository: Repository }) {
  // What was read first is what is changed: somebody who was faster is told of by the server.
  const [base] = useState(repository);
  const [fields, setFields] = useState(() => fieldsOf(base));
  const change = useChangeRepository(base);
  const navigate = useNavigate();
  const { notify } = useNotices();
  const given = {
    fields,
    onChange: (some: Partial<typeof fields>) => setFields({ ...fields, ...some }),
  };
  const there = { to: "/knowledge/repositories/$repositoryId", params: base } as const;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (change.isPending) return;
    change.mutate(changeOf(fields), {
      onSuccess: ({ name }) => {
        notify(words.saved(name));
        void navigate(there);
      },
    });
  };
  return (
    <>
      <PageHeader title={words.form.titleEdit(base.name)} />
      <form onSubmit={save} className="flex flex-col gap-5">
        <NameField {...given} />
        <AccessFields {...given} />
        <ChunkingPart {...given} />
        {change.error && <FieldProblem error={change.error} />}
        <div className="flex flex-wrap justify-end gap-2 border-t pt-4">
          <Link {...there} className={buttonClass()}>
            {text.cancel}
          </Link>
          <Button type="submit" look="primary">
            {words.form.save}
          </Button>
        </div>
      </form>
    </>
  );
}
