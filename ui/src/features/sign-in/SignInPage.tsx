/** Says how to get in. */
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
  const { branding } = useConfig();
  return (
    <main className="mx-auto flex min-h-dvh max-w-lg flex-col justify-center gap-5 p-6">
      <PageTitle>{text.signIn.title}</PageTitle>
      <p className="text-lg font-bold tracking-tight">{branding.name}</p>
      <h1 className="text-2xl font-semibold">{text.signIn.title}</h1>
      {Boolean(refused) && <Failed title={text.signIn.refused} error={refused} />}
      <div className="flex flex-col gap-3">
        <p>{text.signIn.intro}</p>
        <pre className="rounded-lg border bg-card px-4 py-3 font-mono text-sm select-all">
          {text.signIn.command}
        </pre>
        <p>{text.signIn.open}</p>
      </div>
      <Button className="self-start" onClick={onAgain}>
        {text.signIn.again}
      </Button>
    </main>
  );
}
