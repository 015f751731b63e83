/** Shows the pages to whoever is signed in, and the way in to everybody else. */
import { type ReactNode, useEffect } from "react";
import { useMe, useSignIn } from "../api/identity";
import { SignInPage, useArrivalCode } from "../features/sign-in";
import { text } from "../lib/strings";
import { useNotices } from "../ui/Notices";
import { Failed, Loading } from "../ui/states";

export function SignInGate({ children }: { children: ReactNode }) {
  const code = useArrivalCode();
  const arrival = useSignIn(code);
  const arriving = code !== "" && arrival.isPending;
  const me = useMe(!arriving);
  const refused = arrival.data ?? arrival.error;
  const { notify } = useNotices();

  const needless = Boolean(refused && me.data);
  useEffect(() => {
    if (needless) notify(text.signIn.stillSignedIn);
  }, [needless, notify]);

  if (arriving) return <Loading what={text.signIn.checking} />;
  if (me.data) return children;
  if (me.isPending) return <Loading />;
  if (me.data === null) return <SignInPage refused={refused} onAgain={() => void me.refetch()} />;
  return (
    <main className="mx-auto max-w-xl p-6">
      <Failed title={text.unexpectedTitle} error={me.error} onRetry={() => void me.refetch()} />
    </main>
  );
}
