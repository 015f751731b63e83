export { EditModelPage } from "./EditModelPage";
export { ModelsPage } from "./ModelsPage";
export { NewModelPage } from "./NewModelPage";
