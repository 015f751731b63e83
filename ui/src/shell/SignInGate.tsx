/** Shows the pages to whoever is signed in, and the way in to everybody else. */
import { type ReactNode, useEffect } from "react";
import { useIssuersAnswer, useMe, useSharedSignOut, useSignIn } from "../api/identity";
import { SignInPage, useArrivalAnswer, useArrivalCode } from "../features/sign-in";
import { text } from "../lib/strings";
import { useNotices } from "../ui/Notices";
import { Failed, Loading } from "../ui/states";

export function SignInGate({ children }: { children: ReactNode }) {
  const { isArriving, refused } = useArrivals();
  const me = useMe(!isArriving);
  const { notify } = useNotices();
  useSharedSignOut();

  const needless = Boolean(refused && me.data);
  useEffect(() => {
    if (needless) notify(text.signIn.stillSignedIn);
  }, [needless, notify]);

  if (isArriving) return <Loading what={text.signIn.checking} />;
  if (me.data) return children;
  if (me.isPending) return <Loading />;
  if (me.data === null) return <SignInPage refused={refused} onAgain={() => void me.refetch()} />;
  return (
    <main className="mx-auto max-w-xl p-6">
      <Failed title={text.unexpectedTitle} error={me.error} onRetry={() => void me.refetch()} />
    </main>
  );
}

/** The two ways in: each is tried once, and says why it failed. */
function useArrivals() {
  const code = useArrivalCode();
  const address = useArrivalAnswer();
  const byLink = useSignIn(code);
  const byIssuer = useIssuersAnswer(address);
  const isArriving = (code !== "" && byLink.isPending) || (address !== "" && byIssuer.isPending);
  const refused = byLink.data ?? byLink.error ?? byIssuer.data ?? byIssuer.error;
  return { isArriving, refused };
}
