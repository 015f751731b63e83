export { ConfigurationPage } from "./ConfigurationPage";
