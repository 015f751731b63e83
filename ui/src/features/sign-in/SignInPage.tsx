/** Says how to get in. */
import { useBeginSignIn, useSignInLost } from "../../api/identity";
import { useConfig } from "../../lib/config";
import { text } from "../../lib/strings";
import { Button } from "../../ui/Button";
import { PageTitle } from "../../ui/PageTitle";
import { Failed } from "../../ui/states";

interface Props {
  /** Why the link that was just opened did not work, if one was. */
  refused: unknown;
  onAgain: () => void;
}

export function SignInPage({ refused, onAgain }: Props) {
  const { branding, signIn } = useConfig();
  const isLost = useSignInLost();
  return (
    <main className="mx-auto flex min-h-dvh max-w-lg flex-col justify-center gap-5 p-6">
      <PageTitle>{text.signIn.title}</PageTitle>
      <p className="text-lg font-bold tracking-tight">{branding.name}</p>
      <h1 className="text-2xl font-semibold">{text.signIn.title}</h1>
      {Boolean(refused) && <Failed title={text.signIn.refused} error={refused} />}
      {isLost && !refused && (
        <p role="alert" className="rounded-xl border bg-card p-4">
          {text.signIn.lost}
        </p>
      )}
      {signIn && <Issuer />}
      <OneTimeLink isSecond={signIn !== null} />
      <Button className="self-start" onClick={onAgain}>
        {text.signIn.again}
      </Button>
    </main>
  );
}

/** Browsers offer what the sign-in needs only over HTTPS and on the machine itself. */
const canSignIn = () => Boolean(globalThis.crypto?.subtle);

function Issuer() {
  const begin = useBeginSignIn();
  if (!canSignIn()) return <NeedsHttps />;
  return (
    <>
      {begin.error && <Failed title={text.signIn.notBegun} error={begin.error} />}
      <Button
        look="primary"
        className="min-h-11"
        disabled={begin.isPending}
        onClick={() => begin.mutate()}
      >
        {begin.isPending ? text.signIn.leaving : text.signIn.title}
      </Button>
    </>
  );
}

function NeedsHttps() {
  const words = text.signIn.insecure;
  return (
    <div role="alert" className="rounded-xl border border-destructive/50 bg-card p-5 text-sm">
      <p className="font-semibold">{words.title}</p>
      <p className="mt-1">{words.why(window.location.origin)}</p>
      <ul className="mt-2 list-disc pl-5">
        {words.ways.map((way) => (
          <li key={way}>{way}</li>
        ))}
      </ul>
    </div>
  );
}

function OneTimeLink({ isSecond }: { isSecond: boolean }) {
  return (
    <div className={`flex flex-col gap-3 ${isSecond ? "border-t pt-5 text-sm" : ""}`}>
      <p>{isSecond ? text.signIn.introSecond : text.signIn.intro}</p>
      <pre className="rounded-lg border bg-card px-4 py-3 font-mono text-sm select-all">
        {text.signIn.command}
      </pre>
      <p>{text.signIn.open}</p>
    </div>
  );
}
