/** What came of calling each upstream: how fast it was, or why it didn't answer. */
import type { Tried } from "../../api/models";
import { asSentence } from "../../lib/problem";
import { modelText } from "../../lib/words/models";
import { FieldProblem } from "../../ui/states";

const words = modelText.testing;

interface Props {
  test: { isPending: boolean; error: unknown; data?: { results: Tried[] } };
}

export function TestResults({ test }: Props) {
  return (
    <>
      <div role="status" className="text-sm empty:hidden">
        {test.isPending && <p className="text-muted-foreground">{words.now}</p>}
        {test.data?.results.map((one) => (
          <Result key={one.upstream} tried={one} />
        ))}
      </div>
      {Boolean(test.error) && <FieldProblem error={test.error} />}
    </>
  );
}

function Result({ tried }: { tried: Tried }) {
  if (tried.ok)
    return <p className="text-primary">✓ {words.good(tried.upstream, tried.milliseconds)}</p>;
  return (
    <>
      <p className="text-destructive">✗ {words.bad(tried.upstream, tried.message)}</p>
      <p className="text-muted-foreground empty:hidden">{asSentence(tried.nextStep)}</p>
    </>
  );
}
