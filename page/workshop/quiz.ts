import { html, nothing, type TemplateResult } from "lit-html";
import type { Question } from "../../grader/kit/question.ts";
import { replyOn } from "../../grader/report/quiz/reply.ts";
import { numbersView } from "./hints.ts";
import { prose } from "./prose.ts";
import { textsOf, type Quiz, type Subject, type WorkshopActions, type WorkshopState } from "./state.ts";

/** The questions before the code, one at a time: by mouse, by Tab, arrows and Enter, or by an option's number. */
export function quizView(subject: Subject, { quiz }: WorkshopState, actions: WorkshopActions): TemplateResult {
  const { questions } = textsOf(subject);
  const question = questions[quiz.at];
  if (!question) return endView(quiz, questions.length, subject, actions);
  return questionView(subject, question, quiz, actions);
}

function questionView(subject: Subject, question: Question, quiz: Quiz, actions: WorkshopActions): TemplateResult {
  const texts = textsOf(subject);
  const { chosen } = quiz;
  const isOpen = chosen === undefined;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isOpen) return actions.nextQuestion();
    const option = new FormData(event.target as HTMLFormElement).get("option");
    if (option !== null) actions.choose(Number(option));
  };
  const press = (event: KeyboardEvent): void => {
    const number = Number(event.key);
    if (event.ctrlKey || event.metaKey || event.altKey || !isOpen || !question.options[number - 1]) return;
    event.preventDefault();
    actions.choose(number - 1);
  };
  return html`<form class="quiz" @submit=${submit} @keydown=${press}>
    <fieldset>
      <legend>
        <span class="quiet">Question ${quiz.at + 1} of ${texts.questions.length}</span>
        <span class="ask">${prose(question.ask)}</span>
      </legend>
      ${question.withNumbers ? numbersView(texts.inputs) : nothing}
      <ol>
        ${question.options.map(
          ({ text }, i) =>
            html`<li class=${isOpen ? "" : i === question.right ? "right" : i === chosen ? "wrong" : ""}>
              <label>
                <input type="radio" name="option" value=${i} required ?disabled=${!isOpen} .checked=${chosen === i} />
                <span>${prose(text)}</span>
                ${
                  isOpen || (i !== question.right && i !== chosen)
                    ? nothing
                    : html`<span class="unseen">${i === question.right ? ", the right answer" : ", not right"}</span>`
                }
              </label>
            </li>`,
        )}
      </ol>
    </fieldset>
    <div role="status">${chosen === undefined ? nothing : replyView(question, chosen)}</div>
    <p>
      <button type="submit" class="primary">${isOpen ? "Answer" : "Go on"}</button>
      ${isOpen ? html`<button type="button" @click=${() => actions.choose("skip")}>Skip</button>` : nothing}
    </p>
  </form>`;
}

function replyView(question: Question, chosen: number): TemplateResult {
  const { isRight, label, text } = replyOn(question, chosen);
  return html`<p class="reply"><strong class=${isRight ? "right" : "seen"}>${label}</strong> ${prose(text)}</p>`;
}

function endView({ right }: Quiz, count: number, { step, passed }: Subject, actions: WorkshopActions): TemplateResult {
  const toDo = passed.has(step.id)
    ? html`You have written <code>${step.id}</code> already, and it passes.`
    : html`Now write <code>${step.id}</code>.`;
  return html`<div class="quiz">
    <p role="status" tabindex="-1">${right} of ${count} right. ${toDo}</p>
    <p><button type="button" @click=${() => actions.askAgain()}>Ask again</button></p>
  </div>`;
}
