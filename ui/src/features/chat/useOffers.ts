/** What administrators let people do in a chat; the server holds to it by itself where it matters. */
import { useSwitches } from "../../api/configuration";

export function useOffers() {
  const isOn = useSwitches();
  const summary = isOn("documentSummarization");
  return {
    summary,
    files: isOn("uploadContextDocs") || summary,
    prompts: isOn("showPromptTemplateLibrary"),
    tools: isOn("mcpConnections"),
    collections: isOn("ragSelectionAvailable"),
    collectionUploads: isOn("uploadRagDocs"),
    arguments: isOn("editKwargs"),
    facts: isOn("viewMetaData"),
  };
}
