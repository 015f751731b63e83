/** The repositories, for those who keep them. */
import { Link } from "@tanstack/react-router";
import { type Repository, useRepositories } from "../../../api/repositories";
import { repositoryText as words } from "../../../lib/words/repositories";
import { buttonClass } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import { PagedList } from "../../../ui/PagedList";
import { PageHeader } from "../../../ui/PageHeader";
import { Empty } from "../../../ui/states";
import { KnowledgeTabs } from "../KnowledgeTabs";
import { About } from "./About";

export function RepositoriesPage() {
  return (
    <>
      <PageHeader title={words.title} intro={words.intro}>
        <Link to="/knowledge/new-repository" className={buttonClass("primary")}>
          <Icon name="plus" />
          {words.create}
        </Link>
      </PageHeader>
      <KnowledgeTabs />
      <PagedList
        list={useRepositories()}
        label={words.label}
        words={words}
        empty={<Empty title={words.emptyTitle} body={words.emptyBody} />}
        keyOf={idOf}
      >
        {(repository) => (
          <>
            <h2 className="mb-1.5 font-medium">
              <Link
                to="/knowledge/repositories/$repositoryId"
                params={{ repositoryId: repository.repositoryId }}
                className="rounded underline-offset-2 hover:underline"
              >
                {repository.name}
              </Link>
            </h2>
            <About repository={repository} />
          </>
        )}
      </PagedList>
    </>
  );
}

const idOf = ({ repositoryId }: Repository) => repositoryId;
