export { EditToolServerPage, NewToolServerPage } from "./FormPages";
export { ToolServersPage } from "./ToolServersPage";
