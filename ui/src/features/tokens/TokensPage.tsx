/** API tokens: one's own, or for administrators everybody's. */
import { type FormEvent, useState } from "react";
import { useMayMakeTokens } from "../../api/configuration";
import { useMe } from "../../api/identity";
import { type Token, useTokens } from "../../api/tokens";
import { tokenText } from "../../lib/words/tokens";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/fields";
import { Icon } from "../../ui/icons";
import { PagedList } from "../../ui/PagedList";
import { PageHeader } from "../../ui/PageHeader";
import { Empty } from "../../ui/states";
import { NewTokenDialog } from "./NewTokenDialog";
import { TokenRow } from "./TokenRow";
import { useTokenQuestions } from "./useTokenQuestions";

export function TokensPage() {
  const { data: me } = useMe(true);
  return (
    <>
      <Header title={tokenText.title} intro={tokenText.intro} isForAll={false} />
      {me && (
        <Tokens
          owner={me.subject}
          empty={<Empty title={tokenText.emptyTitle} body={tokenText.emptyBody} />}
        />
      )}
    </>
  );
}

export function AllTokensPage() {
  const [owner, setOwner] = useState("");
  return (
    <>
      <Header title={tokenText.titleAll} intro={tokenText.introAll} isForAll />
      <OwnerFilter onFilter={setOwner} />
      <Tokens
        key={owner}
        owner={owner}
        showsOwner
        empty={
          <Empty
            title={tokenText.emptyTitle}
            body={owner ? tokenText.noneOf : tokenText.emptyBody}
          />
        }
      />
    </>
  );
}

interface HeaderProps {
  title: string;
  intro: string;
  isForAll: boolean;
}

function Header({ title, intro, isForAll }: HeaderProps) {
  const [isMaking, setMaking] = useState(false);
  const mayMake = useMayMakeTokens();
  return (
    <PageHeader title={title} intro={mayMake ? intro : tokenText.introOff}>
      {mayMake && (
        <Button look="primary" onClick={() => setMaking(true)}>
          <Icon name="plus" />
          {tokenText.create}
        </Button>
      )}
      {isMaking && <NewTokenDialog isForAll={isForAll} onClose={() => setMaking(false)} />}
    </PageHeader>
  );
}

function OwnerFilter({ onFilter }: { onFilter: (owner: string) => void }) {
  const [typed, setTyped] = useState("");
  const filter = (event: FormEvent) => {
    event.preventDefault();
    onFilter(typed.trim());
  };
  return (
    <form onSubmit={filter} className="mb-4 flex flex-wrap items-start gap-2">
      <div className="min-w-0 flex-1 basis-52">
        <TextField
          label={tokenText.ownerFilter}
          hint={tokenText.ownerHint}
          type="search"
          value={typed}
          onChange={setTyped}
        />
      </div>
      <Button type="submit" className="mt-6.5 min-h-10">
        {tokenText.filter}
      </Button>
    </form>
  );
}

interface TokensProps {
  owner: string;
  showsOwner?: boolean;
  empty: React.ReactNode;
}

function Tokens({ owner, showsOwner = false, empty }: TokensProps) {
  const list = useTokens(owner);
  const { ask, questions } = useTokenQuestions();
  return (
    <>
      <PagedList list={list} label={tokenText.title} words={tokenText} empty={empty} keyOf={idOf}>
        {(token) => <TokenRow token={token} showsOwner={showsOwner} onAsk={ask} />}
      </PagedList>
      {questions}
    </>
  );
}

const idOf = (token: Token) => token.id;
