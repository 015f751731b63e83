/** What is asked before somebody leaves a form that isn't saved. */
export const leavingText = {
  title: "Leave without saving?",
  body: "What you have filled in here is lost.",
  confirm: "Leave",
};
