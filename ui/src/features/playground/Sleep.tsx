/** Says of a model that sleeps, or is being woken, what whoever calls it has to wait for. */
import { useLiveModel } from "../../api/models";
import { useStartSeconds } from "../../api/starting";
import { isHosted, sleeps } from "../../lib/modelStatus";
import { playgroundText as words } from "../../lib/words/playground";

const WAITING_MS = 3_000;

export function Sleep({ model, isWaiting }: { model: string; isWaiting: boolean }) {
  const { data } = useLiveModel(model, model !== "", isWaiting ? WAITING_MS : undefined);
  const isAsleep = data !== undefined && sleeps(data);
  const seconds = useStartSeconds(model, isAsleep);
  const isStarting = data !== undefined && isHosted(data) && data.status === "Starting";
  return (
    <p role="status" className="text-sm empty:hidden">
      {isAsleep && seconds !== undefined && words.asleep(seconds)}
      {isStarting && words.starting}
    </p>
  );
}
