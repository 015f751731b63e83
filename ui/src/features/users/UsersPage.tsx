/** The accounts of this installation. */
import { useState } from "react";
import { type User, useUsers } from "../../api/users";
import { userText } from "../../lib/words/users";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/icons";
import { PagedList } from "../../ui/PagedList";
import { PageHeader } from "../../ui/PageHeader";
import { Empty } from "../../ui/states";
import { NewUserDialog } from "./NewUserDialog";
import { UserRow } from "./UserRow";
import { useUserQuestions } from "./useUserQuestions";

export function UsersPage() {
  const [isAdding, setAdding] = useState(false);
  const list = useUsers();
  const { ask, questions } = useUserQuestions();
  return (
    <>
      <PageHeader title={userText.title} intro={userText.intro}>
        <Button look="primary" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          {userText.create}
        </Button>
      </PageHeader>
      <PagedList
        list={list}
        label={userText.title}
        words={userText}
        empty={<Empty title={userText.emptyTitle} body={userText.emptyBody} />}
        keyOf={nameOf}
      >
        {(user) => <UserRow user={user} onAsk={ask} />}
      </PagedList>
      {isAdding && <NewUserDialog onClose={() => setAdding(false)} />}
      {questions}
    </>
  );
}

const nameOf = (user: User) => user.name;
