/** What a model's status means for those who wait for it, or want to call it. */
export interface Standing {
  status: string;
  hostingType: string;
}

const ON_THEIR_WAY = new Set(["Creating", "Updating", "Starting", "Stopping", "Deleting"]);

export const isOnItsWay = ({ status }: Pick<Standing, "status">) => ON_THEIR_WAY.has(status);

/** Whether LISA itself runs it, and so can start, stop and wake it. */
export const isHosted = ({ hostingType }: Standing) => hostingType === "lisa_hosted";

/** Whether it stands still and starts by itself when it is called. */
export const sleeps = (model: Standing) => isHosted(model) && model.status === "Stopped";

/** Whether a call is answered, at once or after the model has been started for it. */
export const canBeCalled = (model: Standing) =>
  model.status === "InService" || (isHosted(model) && /^(Stopped|Starting)$/.test(model.status));
